// Reads JSONL exports whose offsets count UTF-16 with nothing but Node, whose strings count so, and proves every range
// against its quote.
//
// usage: read_jsonl.mjs FILE...
// Prints how many ranges were proved.

import assert from "node:assert";
import { readFileSync } from "node:fs";

function* ranges(document) {
  yield* document.regions ?? [];
  for (const sheet of document.sheets) {
    for (const row of [...sheet.spans, ...sheet.claims]) {
      yield* row.ranges;
      for (const place of row.occurrences ?? []) yield* place;
    }
  }
}

let proved = 0;
for (const name of process.argv.slice(2)) {
  const [header, ...documents] = readFileSync(name, "utf8").trimEnd().split("\n").map((line) => JSON.parse(line));
  assert.deepStrictEqual([header.format, header.version, header.offset_unit], ["manicule-jsonl", 1, "utf16"]);
  for (const document of documents) {
    for (const { start, end, quote } of ranges(document)) {
      assert.ok(quote.length > 0, name);
      assert.strictEqual(document.text.slice(start, end), quote, `${name} ${document.id}`);
      proved += 1;
    }
  }
}
console.log(proved);
