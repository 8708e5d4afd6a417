// A model's words on a terminal: escapes made visible, lines broken between words. Knows the width
// of characters, not of the window: that may change between two calls.
#pragma once

#include <string>
#include <string_view>

namespace greenroom::cli {

// `text` (UTF-8) as it may go to a terminal. Line breaks and tabs stay; whatever else would steer
// the terminal or reorder what stands on it becomes readable: "\x1b", "\u202e".
std::string neutralise(std::string_view text);

// Breaks text that arrives in pieces. A word is held back until it has ended, so that it never has
// to be taken back from the screen.
class WordWrap {
 public:
    // What to print now, for a window of `width` columns; too narrow ones are left to the terminal.
    std::string push(std::string_view text, int width);
    // What was held back.
    std::string flush(int width);

 private:
    void take(std::string_view character, int columns, int width, std::string& out);
    void place_word(int width, std::string& out);

    std::string word_, space_;  // space_ stands before word_ and goes when the line breaks there
    int word_columns_ = 0;
    int column_ = 0;
};

}  // namespace greenroom::cli
