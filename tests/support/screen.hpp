// What a person sees in a terminal's window after a program has written to it. Knows the controls
// that line editors use and nothing else; what it does not know it counts.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace greenroom::tests {

class Screen {
 public:
    Screen(int columns, int rows) : columns_(columns), rows_(rows) {}

    void write(std::string_view bytes);
    // The window's width changes; what stands in it is not broken anew.
    void resize(int columns) { columns_ = columns; }

    // All rows from the first to the last that is not empty, without blanks at their ends, rows
    // that have scrolled away included.
    std::string text() const;
    int unknown_controls() const { return unknown_; }

 private:
    void put(char32_t c);
    void control(char final_byte, std::string_view parameters);
    void line_feed();
    std::u32string& row();

    int columns_, rows_;
    std::vector<std::u32string> lines_ = {U""};  // scrolled rows first
    std::size_t top_ = 0;                        // index of the window's first row
    int row_ = 0, column_ = 0;                   // in the window
    bool wrap_pending_ = false;                  // the last column is full
    std::string pending_;                        // of an incomplete sequence
    int unknown_ = 0;
};

}  // namespace greenroom::tests
