import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { GOOGLEAPIS, googleapisFolder, install as installInto, npm, weight } from '../packages.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const MB = 1e6;

/** What somebody gets who installs the package without its development tools. */
export async function install(stage) {
  // The bundle is built already: the scripts would build it once more, under the feet of the other parts.
  await npm(['pack', '--ignore-scripts', '--pack-destination', stage.folder], ROOT);
  const [tarball] = readdirSync(stage.folder).filter((name) => name.endsWith('.tgz'));
  const folder = join(stage.folder, 'installed');
  await installInto(folder, join(stage.folder, tarball));
  const [ours, theirs] = [weight(folder), weight(await googleapisFolder())];
  const row = (name, unit, value, other, goal) => ({
    part: 'install',
    name,
    unit,
    value,
    against: GOOGLEAPIS,
    other,
    goal,
  });
  return [
    row('installed', 'MB', ours.bytes / MB, theirs.bytes / MB, { below: 60 }),
    row('packages', '', ours.packages, theirs.packages, { below: 150 }),
  ];
}
