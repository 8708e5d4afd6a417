// What the program does when the system has no memory for it: one line and an end, on any thread.
#pragma once

namespace greenroom::cli {

// From now on `new` ends the program, with exit code 1, instead of failing.
void end_when_memory_runs_out();

}  // namespace greenroom::cli
