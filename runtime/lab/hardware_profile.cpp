#include "runtime/lab/hardware_profile.hpp"

#include <array>
#include <fmt/format.h>
#include <vector>

#include "io/file.hpp"
#include "runtime/load_settings.hpp"

namespace greenroom::runtime {
namespace {

// The file's fields as they are written there.
struct Fields {
    std::string name;
    ByteCount device_memory, host_memory;
    std::string device_bandwidth = "0/s", link_bandwidth = "0/s", host_bandwidth = "0/s",
                disk_bandwidth = "0/s";
    double disk_latency_us = 0, layer_us = 0;

    std::vector<SettingField> list() {
        constexpr Accepts kTime{.least = 0, .most = 1e9};
        return {{"machine.name", &name, {}},
                {"machine.layer_us", &layer_us, kTime},
                {"device.memory", &device_memory, {}},
                {"device.bandwidth", &device_bandwidth, {}},
                {"link.bandwidth", &link_bandwidth, {}},
                {"host.memory", &host_memory, {}},
                {"host.bandwidth", &host_bandwidth, {}},
                {"disk.bandwidth", &disk_bandwidth, {}},
                {"disk.latency_us", &disk_latency_us, kTime}};
    }
};

// "320GB/s" in bytes per second.
io::Result<double> parse_rate(std::string_view name, std::string_view text) {
    const bool per_second = text.ends_with("/s");
    const auto bytes = parse_bytes(text.substr(0, text.size() - (per_second ? 2 : 0)));
    if (!per_second || !bytes) {
        return io::Error{fmt::format(
            "{}: expected a rate such as 320GB/s, got \"{}\"", name, io::printable(text))};
    }
    return static_cast<double>(*bytes);
}

// Every memory that there is can be read.
io::Result<void> check(const HardwareProfile& profile) {
    const auto missing = [](const char* key) {
        return io::Error{fmt::format("{}: expected a rate above 0", key)};
    };
    if (profile.host_memory_bytes == 0) return io::Error{"host.memory: expected a size above 0"};
    if (profile.host_bytes_per_s <= 0) return missing("host.bandwidth");
    if (profile.disk_bytes_per_s <= 0) return missing("disk.bandwidth");
    if (!profile.has_device()) return {};
    if (profile.device_bytes_per_s <= 0) return missing("device.bandwidth");
    if (profile.link_bytes_per_s <= 0) return missing("link.bandwidth");
    return {};
}

io::Result<HardwareProfile> profile_of(const Fields& fields) {
    HardwareProfile out{.name = fields.name,
                        .device_memory_bytes = fields.device_memory.value,
                        .host_memory_bytes = fields.host_memory.value,
                        .disk_latency_s = fields.disk_latency_us * 1e-6,
                        .layer_s = fields.layer_us * 1e-6};
    struct Rate {
        std::string_view name;
        const std::string* text;
        double* place;
    };
    const std::array<Rate, 4> rates = {
        Rate{"device.bandwidth", &fields.device_bandwidth, &out.device_bytes_per_s},
        Rate{"link.bandwidth", &fields.link_bandwidth, &out.link_bytes_per_s},
        Rate{"host.bandwidth", &fields.host_bandwidth, &out.host_bytes_per_s},
        Rate{"disk.bandwidth", &fields.disk_bandwidth, &out.disk_bytes_per_s}};
    for (const Rate& rate : rates) {
        const auto parsed = parse_rate(rate.name, *rate.text);
        if (!parsed) return parsed.error();
        *rate.place = *parsed;
    }
    if (auto ok = check(out); !ok) return ok.error();
    return out;
}

}  // namespace

io::Result<HardwareProfile> load_hardware_profile(const std::filesystem::path& path) {
    Fields fields;
    if (auto read = load_fields(path, fields.list()); !read) return read.error();
    auto profile = profile_of(fields);
    if (!profile) {
        return io::Error{fmt::format("{}: {}", io::printable_path(path), profile.error().message)};
    }
    return profile;
}

}  // namespace greenroom::runtime
