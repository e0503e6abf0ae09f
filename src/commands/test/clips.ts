// Clips of scenarios: read and converted once for all runs that play them, as many as fit into memory.

import type { Context } from '../../context.js';
import type { SessionUpdate } from '../../protocol/realtime-session.js';
import type { SessionFormat } from '../voice/audio-flags.js';
import { loadClip, type SpokenTurn } from '../voice/clips.js';

export interface Clips {
  /** A WAV file as a turn, for a session that is set up so. Throws CliError `unreadable`. */
  load(context: Context, file: string, setup: SessionUpdate): Promise<SpokenTurn>;
}

/** Twenty minutes of sound at 24 kHz. */
const mostBytes = 64 * 1024 * 1024;

export function createClips(format: SessionFormat, most = mostBytes): Clips {
  /** The least lately used comes first. */
  const kept = new Map<string, { turn: Promise<SpokenTurn>; bytes: number }>();
  let bytes = 0;

  function drop(key: string): void {
    bytes -= kept.get(key)?.bytes ?? 0;
    kept.delete(key);
  }

  async function read(key: string, reading: Promise<SpokenTurn>): Promise<void> {
    const clip = { turn: reading, bytes: 0 };
    kept.set(key, clip);
    const { length } = (await reading).clip.bytes;
    if (kept.get(key) !== clip) return;
    clip.bytes = length;
    bytes += length;
    for (const oldest of kept.keys()) if (bytes > most) drop(oldest);
  }

  return {
    load: (context, file, setup) => {
      // How much silence follows it depends on how its end is heard.
      const key = JSON.stringify([context.path(file), setup.turn_detection]);
      const known = kept.get(key);
      if (known !== undefined) {
        kept.delete(key);
        kept.set(key, known);
        return known.turn;
      }
      const reading = loadClip(context, file, format, setup);
      read(key, reading).catch(() => drop(key));
      return reading;
    },
  };
}
