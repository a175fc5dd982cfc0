const SHOW_AFTER_MS = 500;

/** Says what is going on, once it takes longer than half a second. */
export interface Progress {
  /** Changes the text. */
  update(text: string): void;
}

/**
 * Runs a task that may take long. After half a second a spinner shows on a terminal's stderr; where stderr is no
 * terminal, each text is one line. Nothing shows when `quiet`.
 */
export async function withProgress<T>(
  text: string,
  quiet: boolean,
  task: (progress: Progress) => Promise<T>,
): Promise<T> {
  if (quiet) return task({ update: () => {} });
  const display = process.stderr.isTTY ? await spinner() : lines();
  let current = text;
  let shown = false;
  const timer = setTimeout(() => {
    shown = true;
    display.show(current);
  }, SHOW_AFTER_MS);
  try {
    return await task({
      update(next) {
        if (next === current) return;
        current = next;
        if (shown) display.show(current);
      },
    });
  } finally {
    clearTimeout(timer);
    display.end();
  }
}

interface Display {
  show(text: string): void;
  end(): void;
}

function lines(): Display {
  return { show: (text) => process.stderr.write(`${text}\n`), end: () => {} };
}

async function spinner(): Promise<Display> {
  const { default: yoctoSpinner } = await import("yocto-spinner");
  // A command that handles interrupts itself knows best; for the others the spinner gives the cursor back, and exits.
  const handleSignals = process.listenerCount("SIGINT") === 0;
  const animation = yoctoSpinner({ stream: process.stderr, handleSignals });
  return {
    show(text) {
      animation.text = text;
      if (!animation.isSpinning) animation.start();
    },
    end: () => animation.stop(),
  };
}
