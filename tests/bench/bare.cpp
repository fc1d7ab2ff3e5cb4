// SPDX-License-Identifier: Apache-2.0
// The floor that whole processes are measured against.
int main() {
    return 0;
}
