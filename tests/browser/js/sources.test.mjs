import assert from "node:assert/strict";
import { test } from "node:test";

import { site } from "../../../static/voice/sources.js";

test("only a plain web address leads anywhere", () => {
  assert.equal(site("https://www.example.org/tea?x"), "example.org");
  assert.equal(site("http://example.org:8000/"), "example.org");
  for (const url of ["javascript:alert(1)", "data:text/html,x", " javascript:alert(1)", "/tea", "", "https://", "ftp://x/"]) {
    assert.equal(site(url), "", url);
  }
});
