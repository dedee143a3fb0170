import { test } from "node:test";
import { assertEquals, assertThrows } from "@std/assert";
import { RingError } from "../../errors.ts";
import { format, named, served } from "./uri.ts";

test("what is served stays on this machine unless the URI says so", () => {
  const host = "127.0.0.1";
  assertEquals(served(undefined), { host, port: 0, name: "" });
  assertEquals(served("ring:///x"), { host, port: 0, name: "x" });
  assertEquals(served("ring://localhost:6700/x"), { host, port: 6700, name: "x" });
  assertEquals(served("tcp://0.0.0.0:6700"), { host: "0.0.0.0", port: 6700, name: "" });
});

test("a URI survives its round trip, and tcp:// is ring://", () => {
  for (
    const uri of ["ring://127.0.0.1:6700/a.b-c_1", "ring://[::1]:1/x", "ring://host.org:65535/x"]
  ) {
    assertEquals(format(named(uri)), uri);
    assertEquals(named(uri.replace("ring:", "TCP:")), named(uri));
  }
});

test("anything else is refused, with what it was", () => {
  const wrong = [
    ..."|ring:|ring://|x|http://127.0.0.1:1/x|ring://127.0.0.1:65536/x|ring://a b:1/x".split("|"),
    ...["ring://127.0.0.1:1/x/y", "ring://127.0.0.1:1/x?y", "ring://127.0.0.1:1/x#y"],
    ...["ring://u:p@127.0.0.1:1/x", "ring://127.0.0.1:1/..", "ring://127.0.0.1:1/%41"],
    ...["ring://127.0.0.1:-1/x", "ring://127.0.0.1:1/x\n", `ring://127.0.0.1:1/${"x".repeat(129)}`],
  ];
  for (const uri of wrong) {
    assertEquals(assertThrows(() => named(uri), RingError).code, "RING_FOREIGN", uri);
    if (uri === "ring://") continue; // all of it has a default
    const error = assertThrows(() => served(uri), RingError);
    assertEquals([error.code, error.value], ["RING_INVALID", uri]);
  }
  for (const at of [new SharedArrayBuffer(4), undefined, 7, "ring://127.0.0.1/x"]) {
    assertEquals(assertThrows(() => named(at), RingError).code, "RING_FOREIGN");
  }
});
