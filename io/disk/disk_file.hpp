// A model's file opened for reading around the page cache where the file system allows it, and
// through it where not. Knows no queue.
#pragma once

#include <memory>
#include <string>

#include "io/file.hpp"
#include "io/result.hpp"

namespace greenroom::io {

// Move-only. The File must outlive this: it keeps the descriptor for buffered reads.
class DiskFile {
 public:
    // The same open file, not what its path names by now. Never fails: without a direct
    // descriptor reads are buffered, and `refusal()` says why.
    static DiskFile open(const File& file);

    const File& file() const { return *file_; }
    bool is_direct() const { return refusal_.empty(); }
    int descriptor() const { return is_direct() ? *direct_ : file_->descriptor(); }
    int buffered_descriptor() const { return file_->descriptor(); }
    const std::string& refusal() const { return refusal_; }  // empty while reads are direct
    // From now on reads are to be buffered. The direct descriptor stays open: reads through it may
    // be in flight.
    void give_up_direct(std::string why);

 private:
    struct Close {
        void operator()(int* descriptor) const;
    };
    explicit DiskFile(const File& file) : file_(&file) {}

    const File* file_;
    std::unique_ptr<int, Close> direct_;
    std::string refusal_;
};

}  // namespace greenroom::io
