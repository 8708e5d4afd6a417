// What has been said: a system prompt and turns, in memory and as a file. Knows no model, no
// template.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "io/json.hpp"
#include "io/result.hpp"

namespace greenroom::runtime {

// One question and its answer.
struct Turn {
    std::string user;
    std::string reply;
    bool operator==(const Turn&) const = default;
};

// Tells one model from another, whatever its quantisation or file layout.
struct ModelIdentity {
    std::string name;              // for people
    std::uint64_t parameters = 0;  // elements of all tensors
    std::uint64_t vocabulary = 0;
    bool same_model(const ModelIdentity& other) const {
        return parameters == other.parameters && vocabulary == other.vocabulary;
    }
};

struct Conversation {
    std::string system;  // empty: none
    std::vector<Turn> turns;

    // In the shape that chat templates take. An empty reply of the last turn is left out: it is
    // still to come.
    io::Json messages() const;
    bool operator==(const Conversation&) const = default;
};

// Writes beside `path` first and renames, so that a full disk or a kill leaves the old file whole.
io::Result<void> save_conversation(const Conversation& conversation,
                                   const ModelIdentity& model,
                                   const std::filesystem::path& path);

// An Error when the file is cut or damaged, of another version, or of another model (HAZARDS 166).
io::Result<Conversation> load_conversation(const std::filesystem::path& path,
                                           const ModelIdentity& model);

}  // namespace greenroom::runtime
