#include <cstdio>

int main() {
    std::fputs("greenroom: no commands yet\n", stderr);
    return 2;
}
