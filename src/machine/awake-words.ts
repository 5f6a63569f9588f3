import type { PresentationSignal } from '../contract/policy-rules.ts';

const call = /webrtc|peer ?connection|video ?call|in a call|meeting|conference|camera/i;

/**
 * What a program's own words for keeping the screen awake mean: Chromium says "WebRTC has active PeerConnections" in a
 * call, players say "video-playing", "Playing audio" and the like.
 */
export function signalOfWords(words: string): PresentationSignal {
  return call.test(words) ? 'videoCall' : 'mediaPlayback';
}
