import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';
import { platforms } from '../config';
import { AGENT_FOLDER, agentFiles } from '../lib/logs/agents/agent-files';

/** `npm run render:agents`: writes the files of the log agents; a test keeps them equal to what is rendered. */
const folder = path.join(__dirname, '..', AGENT_FOLDER);
rmSync(folder, { recursive: true, force: true });
for (const [file, text] of Object.entries(agentFiles(platforms))) {
  mkdirSync(path.join(folder, path.dirname(file)), { recursive: true });
  writeFileSync(path.join(folder, file), text);
}
