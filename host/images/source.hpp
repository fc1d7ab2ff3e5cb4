// SPDX-License-Identifier: Apache-2.0
// The seam to where images come from: the store, a file, a build, and (later) remotes.
#pragma once

#include "images/store.hpp"

namespace davit::host {

// Finds or fetches the image that `reference` names: a name or hash in the store,
// "file:///absolute/path" (copied into the store, unless it is there and the file is unchanged), or
// empty for the default image: the one named "debian", else the only one.
// Errors: "image-not-found" with what can be done instead, "image-source-unknown" for other URL
// schemes, and those of ImageStore::import().
Image resolve_image(const std::string &reference, ImageStore &store, Progress &progress,
                    const Cancel &cancel);

// Builds an image on this computer from the recipe of that name (share/davit/recipes/NAME,
// described in its README) and imports it under `name`. A finished build of the same recipe is used
// again; a build that another command is at is waited for. Nothing is left of an unfinished one but
// its log. Errors: "recipe-unknown", "build-failed" with the end of the build's log.
Image build_image(const std::string &recipe, const std::string &name, ImageStore &store,
                  Progress &progress, const Cancel &cancel);

}  // namespace davit::host
