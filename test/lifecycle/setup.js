const { mkdtempSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');

// a sandbox of each test file's own, beside whatever runs in this clone
process.env.HAJIME_STATE_DIR = mkdtempSync(join(tmpdir(), 'hajime-'));
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';
