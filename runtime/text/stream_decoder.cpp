#include "runtime/text/tokenizer.hpp"

namespace greenroom::runtime {}
