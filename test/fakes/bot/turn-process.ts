import { readFile, writeFile } from 'node:fs/promises';
import process from 'node:process';
import { inTurn } from '../../../src/operations/locks/write-lock.ts';

/** Counts up what a file of the team says, so many times: whoever is not alone loses counts. */
const [root = '', times] = process.argv.slice(2);
for (let time = 0; time < Number(times); time++) {
  await inTurn(root, async (database) => {
    database.exec('CREATE TABLE IF NOT EXISTS turns (pid INTEGER)');
    database.prepare('INSERT INTO turns VALUES (?)').run(process.pid);
    const count = Number(await readFile(`${root}/count`, 'utf8'));
    await writeFile(`${root}/count`, String(count + 1));
  });
}
