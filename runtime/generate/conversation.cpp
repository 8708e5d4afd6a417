#include "runtime/generate/conversation.hpp"

#include <fmt/format.h>
#include <string_view>

#include "io/file.hpp"
#include "io/write/replace_file.hpp"

namespace greenroom::runtime {
namespace {

constexpr std::string_view kVersionKey = "greenroom_conversation";
constexpr std::uint64_t kVersion = 1;

io::Json message(std::string_view role, const std::string& content) {
    return {{"role", role}, {"content", content}};
}

// Fields of one object of the file, with errors that name file and field.
class Fields {
 public:
    Fields(const io::Json& object, std::string where) : object_(object), where_(std::move(where)) {}

    io::Result<std::string> text(std::string_view key) const {
        const io::Json* value = find(key);
        if (value == nullptr || !value->is_string()) return expected(key, "text");
        return value->get<std::string>();
    }
    io::Result<std::uint64_t> count(std::string_view key) const {
        const io::Json* value = find(key);
        if (value == nullptr || !value->is_number_unsigned()) return expected(key, "a count");
        return value->get<std::uint64_t>();
    }
    io::Result<const io::Json*> object(std::string_view key) const {
        const io::Json* value = find(key);
        if (value == nullptr || !value->is_object()) return expected(key, "an object");
        return value;
    }
    io::Result<const io::Json*> list(std::string_view key) const {
        const io::Json* value = find(key);
        if (value == nullptr || !value->is_array()) return expected(key, "a list");
        return value;
    }

 private:
    const io::Json* find(std::string_view key) const {
        if (!object_.is_object()) return nullptr;
        const auto found = object_.find(key);
        return found == object_.end() ? nullptr : &*found;
    }
    io::Error expected(std::string_view key, std::string_view what) const {
        return {fmt::format("{}: {}: expected {}", where_, key, what)};
    }

    const io::Json& object_;
    std::string where_;
};

io::Result<void> check_model(const Fields& file,
                             const std::string& name,
                             const ModelIdentity& now) {
    const io::Result<const io::Json*> object = file.object("model");
    if (!object) return object.error();
    const Fields fields(**object, name + ": model");
    const io::Result<std::string> model = fields.text("name");
    if (!model) return model.error();
    const io::Result<std::uint64_t> parameters = fields.count("parameters");
    if (!parameters) return parameters.error();
    const io::Result<std::uint64_t> vocabulary = fields.count("vocabulary");
    if (!vocabulary) return vocabulary.error();
    const ModelIdentity then{*model, *parameters, *vocabulary};
    if (then.same_model(now)) return {};
    return io::Error{fmt::format(
        "{}: a conversation with another model: {}, {} parameters, vocabulary {}; this one is {}, "
        "{} parameters, vocabulary {}",
        name,
        io::printable(then.name),
        then.parameters,
        then.vocabulary,
        io::printable(now.name),
        now.parameters,
        now.vocabulary)};
}

io::Result<std::vector<Turn>> read_turns(const Fields& file, const std::string& name) {
    const io::Result<const io::Json*> list = file.list("turns");
    if (!list) return list.error();
    std::vector<Turn> turns;
    for (const io::Json& item : **list) {
        const Fields fields(item, fmt::format("{}: turns[{}]", name, turns.size()));
        io::Result<std::string> user = fields.text("user");
        if (!user) return user.error();
        io::Result<std::string> reply = fields.text("reply");
        if (!reply) return reply.error();
        turns.push_back({std::move(*user), std::move(*reply)});
    }
    return turns;
}

}  // namespace

io::Json Conversation::messages() const {
    io::Json out = io::Json::array();
    if (!system.empty()) out.push_back(message("system", system));
    for (const Turn& turn : turns) {
        out.push_back(message("user", turn.user));
        if (&turn == &turns.back() && turn.reply.empty()) break;
        out.push_back(message("assistant", turn.reply));
    }
    return out;
}

io::Result<void> save_conversation(const Conversation& conversation,
                                   const ModelIdentity& model,
                                   const std::filesystem::path& path) {
    io::Json turns = io::Json::array();
    for (const Turn& turn : conversation.turns) {
        turns.push_back({{"user", turn.user}, {"reply", turn.reply}});
    }
    const io::Json file = {{kVersionKey, kVersion},
                           {"model",
                            {{"name", model.name},
                             {"parameters", model.parameters},
                             {"vocabulary", model.vocabulary}}},
                           {"system", conversation.system},
                           {"turns", std::move(turns)}};
    constexpr auto kBrokenTextBecomesFffd = io::Json::error_handler_t::replace;
    return io::replace_file(path, file.dump(1, ' ', false, kBrokenTextBecomesFffd) + "\n");
}

io::Result<Conversation> load_conversation(const std::filesystem::path& path,
                                           const ModelIdentity& model) {
    const io::Result<io::Json> json = io::read_json_file(path);
    if (!json) return json.error();
    const std::string name = io::printable_path(path);
    const Fields file(*json, name);
    const io::Result<std::uint64_t> version = file.count(kVersionKey);
    if (!version) return io::Error{name + ": is not a saved conversation"};
    if (*version != kVersion) {
        return io::Error{fmt::format(
            "{}: a conversation in format {}; this program reads {}", name, *version, kVersion)};
    }
    if (const io::Result<void> ok = check_model(file, name, model); !ok) return ok.error();
    io::Result<std::string> system = file.text("system");
    if (!system) return system.error();
    io::Result<std::vector<Turn>> turns = read_turns(file, name);
    if (!turns) return turns.error();
    return Conversation{std::move(*system), std::move(*turns)};
}

}  // namespace greenroom::runtime
