#include "cli/edited_lines.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cwchar>
#include <fmt/format.h>
#include <histedit.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <system_error>
#include <unistd.h>

#include "cli/history_file.hpp"
#include "cli/output.hpp"
#include "cli/terminal.hpp"

namespace greenroom::cli {

struct EditedLines::State {
    Signals& signals;
    std::FILE* silence = nullptr;  // libedit's complaints about terminals
    EditLine* editor = nullptr;
    History* history = nullptr;
    std::filesystem::path history_path = history_file();

    std::string prompt;
    std::array<char, 4096> input;
    std::size_t input_begin = 0, input_end = 0;
    std::size_t early_bytes = 0;    // that the terminal took before it was ours
    std::mbstate_t character = {};  // of which some bytes may still be to come
    bool interrupted = false, dropped_text = false;

    explicit State(Signals& s) : signals(s) {}
    State(const State&) = delete;
    State& operator=(const State&) = delete;
    ~State() {
        if (editor != nullptr) el_end(editor);
        if (history != nullptr) history_end(history);
        if (silence != nullptr) std::fclose(silence);
    }

    bool start();
    void bind_keys();
    void count_early_bytes();
    void restore_early_ends(std::size_t read);
    bool fill_input();
    void take_terminal_back();
    void redraw_resized();
    int next_character(wchar_t& out);

    static State& of(EditLine* editor) {
        State* state = nullptr;
        el_get(editor, EL_CLIENTDATA, &state);
        return *state;
    }
};

namespace {

constexpr int kLinesRemembered = 1000;
constexpr const char* kPasteBegins = "\x1b[200~";
constexpr std::wstring_view kPasteEnds = L"\x1b[201~";
// The terminal marks what is pasted, so that its line breaks can be told from Enter.
constexpr std::string_view kMarkPastes = "\x1b[?2004h";
constexpr wchar_t kMoveToEnd = L'\x05';  // Ctrl-E
constexpr char kCtrlD = '\x04';
constexpr std::string_view kMarkNoPastes = "\x1b[?2004l";

// Rows between the prompt and the cursor in a window of `width` columns.
int rows_above_cursor(EditLine* editor, std::string_view prompt, int width) {
    if (width <= 0) return 0;
    const LineInfoW* line = el_wline(editor);
    int rows = 0, column = static_cast<int>(prompt.size());
    for (const wchar_t* c = line->buffer; c != line->cursor; ++c) {
        if (*c == L'\n') {
            rows += column / width + 1;
            column = 0;
        } else {
            column += std::max(wcwidth(*c), 0);
        }
    }
    return rows + column / width;
}

// Terminals send pasted line breaks as carriage returns. Other controls have no business in a
// message, nor has the line break that most copied lines end with.
std::wstring pasted_text(std::wstring_view raw) {
    std::wstring out;
    for (std::size_t i = 0; i < raw.size(); ++i) {
        const wchar_t c = raw[i];
        if (c == L'\r' || c == L'\n') {
            if (c == L'\n' && i > 0 && raw[i - 1] == L'\r') continue;
            out += L'\n';
        } else if (c == L'\t' || (c >= 0x20 && c != 0x7F)) {
            out += c;
        }
    }
    while (out.ends_with(L'\n')) out.pop_back();
    return out;
}

unsigned char paste(EditLine* editor, int) {
    std::wstring raw;
    wchar_t c = 0;
    while (!raw.ends_with(kPasteEnds)) {
        if (el_wgetc(editor, &c) != 1) return CC_NORM;  // the next read meets the same end
        raw += c;
    }
    raw.resize(raw.size() - kPasteEnds.size());
    const std::wstring text = pasted_text(raw);
    if (!text.empty() && el_winsertstr(editor, text.c_str()) != 0) return CC_ERROR;
    return CC_REFRESH;
}

unsigned char break_line(EditLine* editor, int) {
    return el_winsertstr(editor, L"\n") == 0 ? CC_REFRESH : CC_ERROR;
}

}  // namespace

bool EditedLines::State::start() {
    silence = std::fopen("/dev/null", "we");
    if (silence == nullptr) return false;
    editor = el_init("greenroom", stdin, stdout, silence);
    history = history_init();
    if (editor == nullptr || history == nullptr) return false;
    el_set(editor, EL_CLIENTDATA, this);
    el_set(
        editor, EL_PROMPT, +[](EditLine* el) { return of(el).prompt.data(); });
    el_set(
        editor, EL_GETCFN, +[](EditLine* el, wchar_t* out) { return of(el).next_character(*out); });
    HistEvent event;
    ::history(history, &event, H_SETSIZE, kLinesRemembered);
    ::history(history, &event, H_SETUNIQUE, 1);
    if (!history_path.empty()) ::history(history, &event, H_LOAD, history_path.c_str());
    el_set(editor, EL_HIST, ::history, history);
    bind_keys();
    count_early_bytes();
    return true;
}

// Call once the terminal collects no lines any more: it then counts those that are not ended too.
void EditedLines::State::count_early_bytes() {
    int bytes = 0;
    if (ioctl(STDIN_FILENO, FIONREAD, &bytes) == 0) early_bytes = static_cast<std::size_t>(bytes);
}

// A terminal that still collected lines, while the model was loaded, gives Ctrl-D as a zero.
void EditedLines::State::restore_early_ends(std::size_t read) {
    const std::size_t early = std::min(read, early_bytes);
    std::replace(input.begin(), input.begin() + static_cast<std::ptrdiff_t>(early), '\0', kCtrlD);
    early_bytes -= early;
}

void EditedLines::State::bind_keys() {
    el_set(editor, EL_EDITOR, "emacs");
    // As they come, so that a pasted CR LF is one line break.
    el_set(editor, EL_SETTY, "-d", "-icrnl", "-inlcr", nullptr);
    // Between two lines keys wait unseen and as they are: a terminal that collects lines meanwhile
    // shows them in the middle of the reply and turns Ctrl-D into nothing.
    el_set(editor, EL_SETTY, "-x", "-icanon", "-echo", "-icrnl", nullptr);
    el_set(editor, EL_ADDFN, "paste", "Insert what the terminal pastes", paste);
    el_set(editor, EL_ADDFN, "break-line", "Go on in a new line", break_line);
    using Binding = std::pair<const char*, const char*>;
    for (const auto& [keys, function] : {Binding{kPasteBegins, "paste"},
                                         Binding{"\x1b\r", "break-line"},  // Alt-Enter
                                         Binding{"\x1b\n", "break-line"},
                                         Binding{"\x1b[1;5D", "ed-prev-word"},  // Ctrl-Left
                                         Binding{"\x1b[1;5C", "em-next-word"},
                                         Binding{"\x12", "em-inc-search-prev"}}) {  // Ctrl-R
        el_set(editor, EL_BIND, keys, function, nullptr);
    }
    el_source(editor, nullptr);  // ~/.editrc: people's own bindings win
}

// Waits for bytes. False at the end of the input, and when Ctrl-C was pressed.
bool EditedLines::State::fill_input() {
    while (true) {
        std::array<pollfd, 4> fds = {{{STDIN_FILENO, POLLIN, 0},
                                      {signals.interrupted().descriptor(), POLLIN, 0},
                                      {signals.resized().descriptor(), POLLIN, 0},
                                      {signals.continued().descriptor(), POLLIN, 0}}};
        if (poll(fds.data(), fds.size(), -1) < 0) continue;  // EINTR
        if (signals.interrupted().take()) {
            const LineInfoW* line = el_wline(editor);
            dropped_text = line->lastchar != line->buffer;
            interrupted = true;
            return false;
        }
        if (signals.continued().take()) take_terminal_back();
        if (signals.resized().take()) redraw_resized();
        if ((fds[0].revents & (POLLIN | POLLHUP | POLLERR)) == 0) continue;
        const ssize_t n = ::read(STDIN_FILENO, input.data(), input.size());
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) return false;
        input_begin = 0;
        input_end = static_cast<std::size_t>(n);
        restore_early_ends(input_end);
        return true;
    }
}

// The shell has had the terminal and changed its modes. The prompt may already stand in this row.
void EditedLines::State::take_terminal_back() {
    print("\r\x1b[J");
    print_now(kMarkPastes);
    el_set(editor, EL_PREP_TERM, 0);
    el_set(editor, EL_PREP_TERM, 1);
    el_set(editor, EL_REFRESH);
}

// Terminals break long lines anew when their width changes; libedit begins where the cursor stands.
void EditedLines::State::redraw_resized() {
    const int rows = rows_above_cursor(editor, prompt, terminal_width(STDOUT_FILENO));
    print(rows > 0 ? fmt::format("\x1b[{}A", rows) : "");
    print_now("\r\x1b[J");
    el_resize(editor);
    el_set(editor, EL_REFRESH);
}

// As libedit's reading function: 1 with a character, 0 at the end of the input, -1 after Ctrl-C.
int EditedLines::State::next_character(wchar_t& out) {
    while (true) {
        if (input_begin == input_end && !interrupted && !fill_input()) {
            // The line ends behind its last character, so that all of it stays on the screen.
            out = kMoveToEnd;
            return interrupted ? 1 : 0;
        }
        if (interrupted) return -1;
        const bool begun = std::mbsinit(&character) == 0;
        const char* byte = &input[input_begin++];
        const std::size_t used = std::mbrtowc(&out, byte, 1, &character);
        if (used == static_cast<std::size_t>(-2)) continue;  // more bytes are to come
        if (used == static_cast<std::size_t>(-1)) {
            character = {};
            out = L'\uFFFD';
            if (begun) --input_begin;  // this byte broke a character off and may begin another
        }
        return 1;
    }
}

EditedLines::EditedLines(std::unique_ptr<State> state) : state_(std::move(state)) {}

EditedLines::~EditedLines() = default;

std::unique_ptr<EditedLines> EditedLines::open(Signals& signals) {
    auto state = std::make_unique<State>(signals);
    if (!state->start()) return nullptr;
    return std::unique_ptr<EditedLines>(new EditedLines(std::move(state)));
}

TypedLine EditedLines::read(std::string_view prompt) {
    state_->prompt = prompt;
    state_->interrupted = false;
    el_set(state_->editor, EL_PREP_TERM, 1);  // before anything says that keys are awaited
    print_now(kMarkPastes);
    int length = 0;
    const char* line = el_gets(state_->editor, &length);
    print_now(kMarkNoPastes);
    if (line == nullptr || length <= 0) {
        print_now("\n");
        if (!state_->interrupted) return {TypedLine::End::input};
        return {TypedLine::End::interrupted, "", state_->dropped_text};
    }
    std::string text(line, static_cast<std::size_t>(length));
    if (text.ends_with('\n')) text.pop_back();
    return {TypedLine::End::line, std::move(text)};
}

void EditedLines::remember(const std::string& message) {
    HistEvent event;
    history(state_->history, &event, H_ENTER, message.c_str());
    if (state_->history_path.empty()) return;
    // Written at once and put in place as a whole: a window that is closed loses nothing.
    const std::filesystem::path written = state_->history_path.string() + ".new";
    std::error_code failed;
    if (history(state_->history, &event, H_SAVE, written.c_str()) < 0) return;
    std::filesystem::permissions(
        written, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write, failed);
    std::filesystem::rename(written, state_->history_path, failed);
}

}  // namespace greenroom::cli
