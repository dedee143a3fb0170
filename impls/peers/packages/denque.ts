/**
 * denque, the double-ended queue inside the clients of Redis, MySQL and MongoDB, with its option
 * `capacity`: what is pushed beyond it drops the oldest item. (Source: npm, denque 2.)
 */
import Denque from "denque";
import { adapterFromCore } from "../../core.ts";

export const adapter = adapterFromCore(
  "denque",
  (capacity) => {
    const deque = new Denque<unknown>([], { capacity });
    return {
      get length() {
        return deque.length;
      },
      push: (item) => deque.push(item) > 0,
      shift: () => deque.shift(),
    };
  },
  { overflow: "overwrite", consumers: 1 },
);
