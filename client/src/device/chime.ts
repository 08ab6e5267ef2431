/** A calm sound, made here: no file to load, nothing for the page's policy to allow. */

type Seconds = number;
type Hertz = number;
type Milliseconds = number;

const TONES: readonly Hertz[] = [523.25, 659.25]; // C5, E5
const LOUD = 0.12; // of what the device can
const LENGTH: Seconds = 1.2;
const APART: Seconds = 0.35;
const LATE: Milliseconds = 1_000; // it would tell of nothing any more

let context: AudioContext | null = null;

/** `tones`: one says that it is soon, two that it is. Silent where the browser lets no page sound. */
export async function chime(tones: 1 | 2): Promise<void> {
  const asked = performance.now();
  try {
    context ??= new AudioContext();
    await context.resume(); // not before somebody has pressed something, in some browsers
  } catch {
    return; // no device for it
  }
  if (performance.now() - asked > LATE) return;
  for (const [at, hertz] of TONES.slice(0, tones).entries()) ring(context, hertz, at * APART);
}

function ring(context: AudioContext, hertz: Hertz, after: Seconds): void {
  const begins = context.currentTime + after;
  const tone = new OscillatorNode(context, { frequency: hertz });
  const volume = new GainNode(context, { gain: 0 });
  volume.gain.setValueAtTime(0, begins);
  volume.gain.linearRampToValueAtTime(LOUD, begins + 0.02);
  volume.gain.exponentialRampToValueAtTime(0.001, begins + LENGTH);
  tone.connect(volume).connect(context.destination);
  tone.start(begins);
  tone.stop(begins + LENGTH);
}
