/** The records of the spec, held against each other: no requirement is lost. */
import { test } from "node:test";
import { assert, assertEquals } from "@std/assert";
import { rules } from "./index.ts";
import { untested } from "./untested.ts";

/** Every requirement that was asked for at the outset; ids stay, and more have come. */
const asked = `
CON1 CON2 CON3 CON4 CAP1 CAP2 CAP3 FIF1 FIF2 FIF3 FUL1 FUL2 FUL3 FUL4 EMP1 EMP2 EMP3 BLK1 BLK2 BLK3
BLK4 BLK5 BLK6 BAT1 BAT2 BAT3 BAT4 RSV1 RSV2 RSV3 RSV4 WRP1 WRP2 WRP3 CLS1 CLS2 CLS3 OWN1 OWN2 OWN3
OWN4 MPR1 MPR2 MPR3 MCO1 BRC1 BRC2 GAT1 GAT2 GAT3 ATT1 ATT2 ATT3 ATT4 ATT5 URI1 URI2 NET1 NET2 NET3
NET4 RTM1 RTM2 RTM3 OBS1 SEC1 SEC2`.trim().split(/\s+/);

const records = [...rules, ...untested];

test("every requirement is tested, or listed with why it is not", () => {
  const ids = new Set(records.map(({ id }) => id));
  assertEquals(asked.filter((id) => !ids.has(id)), []);
});

test("an id names one requirement, which is tested or not", () => {
  assertEquals(new Set(records.map(({ id }) => id)).size, records.length);
  for (const { id } of records) assert(/^[A-Z]{3}\d+$/.test(id), id);
});

test("every record says what, why and from where", () => {
  for (const { id, group, sentence, why, source } of records) {
    for (const text of [group, sentence, why, source]) assert(text.trim() !== "", id);
  }
  for (const { id, reason } of untested) assert(reason.trim() !== "", id);
});
