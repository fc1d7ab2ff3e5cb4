// SPDX-License-Identifier: Apache-2.0
// A library that a hostile plugin depends on; it has the entry that the plugin itself lacks.
#include <davit/plugin.h>

DAVIT_EXPORT const davit_plugin *davit_plugin_v1(void) {
    return nullptr;
}
DAVIT_EXPORT int davit_hostile_dependency(void);
DAVIT_EXPORT int davit_hostile_dependency(void) {
    return 1;
}
