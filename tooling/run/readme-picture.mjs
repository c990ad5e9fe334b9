// Makes docs/images/methods.png, the README's picture, from the sheet that `pnpm start` leaves: 1100 pixels wide and of 256 colours,
// so that a clone does not carry megabytes of it. Run it after a change of the scenes, their network, the methods or the sheet:
//
//   pnpm start && node tooling/run/readme-picture.mjs
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const root = new URL('../../', import.meta.url);
// sharp is a dependency of @hybridcam/image alone.
const sharp = createRequire(new URL('packages/image/package.json', root))('sharp');
const { size } = await sharp(fileURLToPath(new URL('hybridcam-out/sheet.methods.png', root)))
  .resize({ width: 1100 })
  .png({ palette: true, colours: 256, effort: 10 })
  .toFile(fileURLToPath(new URL('docs/images/methods.png', root)));
process.stdout.write(`docs/images/methods.png, ${(size / 1000).toFixed(0)} kB\n`);
