// A simulated row in the forms that people and scripts read. Simulates and prints nothing.
#pragma once

#include <string>

#include "io/json.hpp"
#include "runtime/lab/simulate.hpp"

namespace greenroom::cli {

// Rates from 0 to 1, sizes in bytes, times in seconds; what was not simulated is null.
io::Json simulation_json(const runtime::SimulationRow& row);

// Lines end with a newline. CSV has the fields of the JSON in its order.
std::string simulation_csv_header();
std::string simulation_csv(const runtime::SimulationRow& row);
// With columns of estimates where the rows have them.
std::string simulation_table_header(bool estimates);
std::string simulation_table(const runtime::SimulationRow& row);

}  // namespace greenroom::cli
