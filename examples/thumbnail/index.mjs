// Makes small pictures of large ones.
import { Jimp, ResizeStrategy } from 'jimp';

const longestSide = 128;

/** Takes { image: base64, size?: pixels }; answers { thumbnail: base64 of a PNG, width, height, original }. */
export const handler = async ({ image, size = longestSide }) => {
  if (typeof image !== 'string') throw new TypeError('the event needs an image in base64, as "image"');
  const picture = await Jimp.read(Buffer.from(image, 'base64'));
  const original = { width: picture.width, height: picture.height };
  if (Math.max(picture.width, picture.height) > size) {
    picture.scaleToFit({ w: size, h: size, mode: ResizeStrategy.BILINEAR });
  }
  const thumbnail = await picture.getBuffer('image/png');
  console.log(`${original.width}x${original.height} to ${picture.width}x${picture.height}, ${thumbnail.length} bytes`);
  return { thumbnail: thumbnail.toString('base64'), width: picture.width, height: picture.height, original };
};
