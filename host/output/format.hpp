// SPDX-License-Identifier: Apache-2.0
// The four forms of what a command answers: table, json, csv, yaml.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"

namespace davit::host {

enum class Format { table, json, csv, yaml };

// Error "usage" for another name.
Format parse_format(const std::string &name);

struct Table {
    std::vector<std::string> header;
    std::vector<std::vector<std::string>> rows;
    std::string empty;  // printed instead of a table without rows
};

// Columns aligned by two blanks; a cell with newlines continues on lines of its own. Control
// characters of cells are made visible, so that nothing a guest or plugin says can drive a
// terminal.
std::string as_table(const Table &table);
// RFC 4180: quoted where needed.
std::string as_csv(const Table &table);
// YAML 1.2 block style, strings always quoted.
std::string as_yaml(const Json &document);

// One answer in the form asked for: `document` for json and yaml, `table` for table, `csv` for csv.
std::string render(Format format, const Json &document, const Table &table, const Table &csv);

// How wide a text is on a terminal, in columns, counting code points.
std::size_t text_width(std::string_view text);
// Control characters replaced by visible ones.
std::string printable(std::string_view text);
// The lines of a text, each printable.
std::vector<std::string> printable_lines(std::string_view text);

// "1.5GiB", as Multipass prints sizes.
std::string human_size(std::uint64_t bytes);

}  // namespace davit::host
