/** Passing the time where nothing wakes: between two looks at a claim, or at a recorded ring. */

/** How long a blocking call sleeps before it looks up whether the ring is done. */
export const NAP_MS = 50;

/** Looks before a turn: a turn takes as long as thousands of them. */
const LOOKS = 1000;

/** Lets others in: a spin that never ends its turn starves the sockets of its own event loop. */
export const turn = () => new Promise<void>((resolve) => setTimeout(resolve, 0));

/** The first answer of `look` that is not undefined; a turn of the event loop now and then. */
export async function soon<T>(look: () => T | undefined): Promise<T> {
  for (;;) {
    for (let i = 0; i < LOOKS; i++) {
      const found = look();
      if (found !== undefined) return found;
    }
    await turn();
  }
}

/**
 * When others have been told of all that was done in this turn. Ends without blocking calls live on
 * an event loop, and may tell it all at once: a recorded call of theirs is taken to last until then.
 */
export const told = () => Promise.resolve();
