// What the terminal at the other end of the standard streams is able to do. The only file, with
// history_file, that asks the environment on the terminal's behalf.
#pragma once

namespace greenroom::cli {

bool is_terminal(int descriptor);

// Whether the cursor can be moved: TERM names something better than "dumb".
bool terminal_has_cursor();
// Whether lines can be edited: terminals on both sides, a cursor, a locale that knows UTF-8.
bool terminal_can_edit();
// Columns of the window that the descriptor writes to, now; 0: unknown, or no terminal.
int terminal_width(int descriptor);

// Takes the character set of the environment's locale, or UTF-8 where that has none. Numbers keep
// their point. Call once, before threads.
void use_utf8();

}  // namespace greenroom::cli
