import type { ProgressEvent } from '../check/index.js';
import { cut, onOneLine } from './layout.js';
import { say } from './say.js';
import { type Terminal, painter } from './terminal.js';

const eraseLine = '\r\u001b[K';

/** What a check is doing, while it does it: a live line on a terminal, notices in any case, all on stderr. */
export function checkProgress(terminal: Terminal): {
  take: (event: ProgressEvent) => void;
  clear: () => void;
} {
  const paint = painter(terminal.env, terminal.stderrIsTerminal);
  let shown = false;
  const clear = (): void => {
    if (shown) terminal.err(eraseLine);
    shown = false;
  };
  const show = (doing: string): void => {
    if (!terminal.stderrIsTerminal) return;
    terminal.err(eraseLine + paint('dim', cut(onOneLine(doing), terminal.stderrColumns - 1)));
    shown = true;
  };
  const take = (event: ProgressEvent): void => {
    switch (event.kind) {
      case 'stage-started':
        return show(`${event.stage} …`);
      case 'experiment-started':
        return show(`experiment: ${event.title} …`);
      case 'notice':
        clear();
        return say('note', event.message, terminal);
      case 'target':
      case 'stage':
      case 'experiment':
        return clear();
    }
  };
  return { take, clear };
}
