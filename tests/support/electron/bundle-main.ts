export { bundleMain } from '../../../tools/bundle-main.ts';
