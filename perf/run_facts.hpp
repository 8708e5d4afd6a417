// What a measurement says about itself: which code it ran, and how its samples lie. Measures
// nothing.
#pragma once

#include <span>
#include <string>
#include <vector>

namespace greenroom::perf {

// `git describe` of the project this was built from, "-dirty" with changes; "unknown" without git.
std::string commit();

// The value below which `part` (0..1) of the samples lie, by the nearest rank; 0 without samples.
double quantile(std::vector<double> samples, double part);

}  // namespace greenroom::perf
