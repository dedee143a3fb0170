/** The time from sending an item to having its echo, one item under way at a time. */
import { Mismatch } from "../harness/numbering.ts";
import { RoundTrips } from "../harness/round_trips.ts";
import { Spin, STALL_MS } from "../harness/spin.ts";
import {
  type Candidate,
  type Case,
  type Ends,
  type Follow,
  type Lead,
  thereAndBack,
} from "./case.ts";

export const latency: Case = {
  name: "latency",
  summary: "nanoseconds of one item's round trip over two rings",
  unit: "ns",
  params: [{}],
  parts: () => thereAndBack,
  unfit(candidate) {
    const { capabilities: { reach }, kind } = candidate;
    if (kind === "peer" && reach === "task") return "a task's way to itself is in its throughput";
    return unfitToEcho(candidate);
  },
  lead,
  follow,
};

export const wakeup: Case = {
  ...latency,
  name: "wakeup",
  summary: "nanoseconds of one item's round trip between two threads that sleep until it comes",
  waiting: "park",
  unfit(candidate) {
    const { capabilities: { reach }, kind } = candidate;
    if (reach !== "worker") return "its ends are not on two threads";
    return kind === "peer" ? "the peer of this case is message_channel" : unfitToEcho(candidate);
  },
};

function unfitToEcho({ capabilities: { flow, items } }: Candidate): string | undefined {
  if (items === "records") return "its items are no numbers";
  return flow === "loop" ? undefined : "a device holds the far end, and it echoes nothing";
}

function lead(ends: Ends): Lead {
  return { spin: spinPing, block: blockPing, await: ping }[ends.style](ends);
}

function follow(ends: Ends): Follow {
  return { spin: spinEcho, block: blockEcho, await: echo }[ends.style](ends);
}

function spinPing({ incoming, outgoing, numbering: { mask, buffer } }: Ends): Lead {
  const reader = incoming!, writer = outgoing!, sent = buffer(1), got = buffer(1);
  const trips = new RoundTrips();
  return {
    grain: 1,
    score: () => trips.score(),
    run(first, count) {
      const spin = new Spin();
      let sum = 0;
      trips.reset();
      for (let i = 0; i < count; i++) {
        sent[0] = (first + i) & mask;
        const start = performance.now();
        while (writer.tryWrite(sent) === 0) spin.idle(i);
        while (reader.tryRead(got) === 0) spin.idle(i);
        trips.record(performance.now() - start);
        expectEcho(sent[0]!, got[0]!);
        sum = (sum + got[0]!) | 0;
      }
      return sum;
    },
  };
}

function spinEcho({ incoming, outgoing, numbering: { buffer } }: Ends): Follow {
  const reader = incoming!, writer = outgoing!, items = buffer(1);
  return {
    grain: 1,
    run(_first, count) {
      const spin = new Spin();
      let sum = 0;
      for (let i = 0; i < count; i++) {
        while (reader.tryRead(items) === 0) spin.idle(i);
        sum = (sum + items[0]!) | 0;
        while (writer.tryWrite(items) === 0) spin.idle(i);
      }
      return sum;
    },
  };
}

function blockPing({ incoming, outgoing, numbering: { mask, buffer } }: Ends): Lead {
  const reader = incoming!, writer = outgoing!, sent = buffer(1), got = buffer(1);
  const trips = new RoundTrips();
  return {
    grain: 1,
    score: () => trips.score(),
    run(first, count) {
      let sum = 0;
      trips.reset();
      for (let i = 0; i < count; i++) {
        sent[0] = (first + i) & mask;
        const start = performance.now();
        writer.writeSync!(sent);
        if (reader.readSync!(got, STALL_MS) === 0) throw new Mismatch(`no echo of ${sent[0]}`);
        trips.record(performance.now() - start);
        expectEcho(sent[0]!, got[0]!);
        sum = (sum + got[0]!) | 0;
      }
      return sum;
    },
  };
}

function blockEcho({ incoming, outgoing, numbering: { buffer } }: Ends): Follow {
  const reader = incoming!, writer = outgoing!, items = buffer(1);
  return {
    grain: 1,
    run(_first, count) {
      let sum = 0;
      for (let i = 0; i < count; i++) {
        if (reader.readSync!(items, STALL_MS) === 0) throw new Mismatch(`item ${i} did not come`);
        sum = (sum + items[0]!) | 0;
        writer.writeSync!(items);
      }
      return sum;
    },
  };
}

function ping({ incoming, outgoing, numbering: { mask, buffer } }: Ends): Lead {
  const reader = incoming!, writer = outgoing!, sent = buffer(1), got = buffer(1);
  const trips = new RoundTrips();
  return {
    grain: 1,
    score: () => trips.score(),
    async run(first, count) {
      let sum = 0;
      trips.reset();
      for (let i = 0; i < count; i++) {
        sent[0] = (first + i) & mask;
        const start = performance.now();
        await writer.write(sent);
        await reader.read(got);
        trips.record(performance.now() - start);
        expectEcho(sent[0]!, got[0]!);
        sum = (sum + got[0]!) | 0;
      }
      return sum;
    },
  };
}

function echo({ incoming, outgoing, numbering: { buffer } }: Ends): Follow {
  const reader = incoming!, writer = outgoing!, items = buffer(1);
  return {
    grain: 1,
    async run(_first, count) {
      let sum = 0;
      for (let i = 0; i < count; i++) {
        await reader.read(items);
        sum = (sum + items[0]!) | 0;
        await writer.write(items);
      }
      return sum;
    },
  };
}

function expectEcho(sent: number, got: number): void {
  if (sent !== got) throw new Mismatch(`sent ${sent}, the echo is ${got}`);
}
