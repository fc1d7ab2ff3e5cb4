// SPDX-License-Identifier: Apache-2.0
// The seam to where images come from: the store, a file, a build, and (later) remotes.
#pragma once

#include "images/store.hpp"

namespace davit::host {

// Finds or fetches the image that `reference` names: a name in the store, "file:///absolute/path",
// or empty for the default image. Errors: "image-not-found" with what can be done instead,
// "image-source-unknown" for other URL schemes.
Image resolve_image(const std::string &reference, ImageStore &store, Progress &progress,
                    const Cancel &cancel);

// Builds an image on this computer from the recipe of that name (share/davit/recipes/NAME) and
// imports it under `name`. A finished build of the same recipe is used again.
// Errors: "recipe-unknown", "program-missing", "build-failed" with the end of the build's log.
Image build_image(const std::string &recipe, const std::string &name, ImageStore &store,
                  Progress &progress, const Cancel &cancel);

}  // namespace davit::host
