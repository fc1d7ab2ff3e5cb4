// SPDX-License-Identifier: Apache-2.0
// Rendering of answers.
#include "output/format.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace davit::host {
namespace {

void append_row(std::string &out, const std::vector<std::string> &row,
                const std::vector<std::size_t> &widths) {
    std::vector<std::vector<std::string>> cells;
    std::size_t height = 1;
    for (const auto &cell : row) {
        cells.push_back(printable_lines(cell));
        height = std::max(height, cells.back().size());
    }
    for (std::size_t line = 0; line < height; ++line) {
        std::string text;
        for (std::size_t column = 0; column < cells.size(); ++column) {
            const std::string cell = line < cells[column].size() ? cells[column][line] : "";
            text += cell;
            if (column + 1 < cells.size()) {
                text.append(widths[column] - std::min(widths[column], text_width(cell)) + 2, ' ');
            }
        }
        text.erase(text.find_last_not_of(' ') + 1);
        out += text + '\n';
    }
}

std::string csv_cell(const std::string &cell) {
    if (cell.find_first_of(",\"\r\n") == std::string::npos) return cell;
    std::string quoted = "\"";
    for (const char c : cell) {
        if (c == '"') quoted += '"';
        quoted += c;
    }
    return quoted + '"';
}

void append_csv(std::string &out, const std::vector<std::string> &row) {
    for (std::size_t i = 0; i < row.size(); ++i) {
        if (i > 0) out += ',';
        out += csv_cell(row[i]);
    }
    out += '\n';
}

bool is_leaf(const Json &value) {
    return !(value.is_object() || value.is_array()) || value.empty();
}

// Plain keys are safe unquoted only if YAML cannot read them as anything but strings.
std::string yaml_key(const std::string &key) {
    const bool plain = !key.empty() && std::isalpha(static_cast<unsigned char>(key[0])) &&
                       key.find_first_not_of(
                           "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                           "0123456789_-.") == std::string::npos;
    static constexpr std::array<std::string_view, 9> words{"true", "false", "yes", "no", "on",
                                                           "off",  "null",  "y",   "n"};
    std::string lower = key;
    std::transform(lower.begin(), lower.end(), lower.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    if (plain && std::find(words.begin(), words.end(), lower) == words.end()) return key;
    return json_out(Json(key));
}

void append_yaml(std::string &out, const Json &value, std::size_t indent);

void append_object(std::string &out, const Json &object, std::size_t indent, bool first_on_line) {
    bool first = first_on_line;
    for (const auto &[key, value] : object.items()) {
        if (!first) out.append(indent, ' ');
        first = false;
        out += yaml_key(key) + ':';
        if (is_leaf(value)) {
            out += ' ' + json_out(value) + '\n';
        } else {
            out += '\n';
            append_yaml(out, value, indent + 2);
        }
    }
}

void append_yaml(std::string &out, const Json &value, std::size_t indent) {
    if (is_leaf(value)) {
        out.append(indent, ' ');
        out += json_out(value) + '\n';
    } else if (value.is_object()) {
        append_object(out, value, indent, false);
    } else {
        for (const Json &element : value) {
            out.append(indent, ' ');
            out += '-';
            if (is_leaf(element)) {
                out += ' ' + json_out(element) + '\n';
            } else if (element.is_object()) {
                out += ' ';
                append_object(out, element, indent + 2, true);
            } else {
                out += '\n';
                append_yaml(out, element, indent + 2);
            }
        }
    }
}

}  // namespace

Format parse_format(const std::string &name) {
    if (name == "table") return Format::table;
    if (name == "json") return Format::json;
    if (name == "csv") return Format::csv;
    if (name == "yaml") return Format::yaml;
    throw Error{"usage", "invalid format \"" + name + "\"", "use table, json, csv or yaml",
                ExitCode::usage};
}

std::size_t text_width(std::string_view text) {
    return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
        return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
    }));
}

std::string printable(std::string_view text) {
    std::string shown;
    for (const char c : valid_utf8(text)) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte < 0x20 || byte == 0x7F) {
            shown += fmt::format("\\x{:02x}", byte);
        } else {
            shown += c;
        }
    }
    return shown;
}

std::vector<std::string> printable_lines(std::string_view text) {
    std::vector<std::string> lines;
    std::size_t at = 0;
    while (true) {
        const std::size_t end = text.find('\n', at);
        lines.push_back(printable(text.substr(at, end - at)));
        if (end == std::string_view::npos) return lines;
        at = end + 1;
    }
}

std::string as_table(const Table &table) {
    if (table.rows.empty()) return table.empty.empty() ? "" : table.empty + '\n';
    std::vector<std::size_t> widths;
    for (const auto &title : table.header) widths.push_back(text_width(title));
    for (const auto &row : table.rows) {
        for (std::size_t i = 0; i < row.size() && i < widths.size(); ++i) {
            for (const auto &line : printable_lines(row[i])) {
                widths[i] = std::max(widths[i], text_width(line));
            }
        }
    }
    std::string out;
    append_row(out, table.header, widths);
    for (const auto &row : table.rows) append_row(out, row, widths);
    return out;
}

std::string as_csv(const Table &table) {
    std::string out;
    append_csv(out, table.header);
    for (const auto &row : table.rows) append_csv(out, row);
    return out;
}

std::string as_yaml(const Json &document) {
    std::string out;
    append_yaml(out, document, 0);
    return out;
}

std::string render(Format format, const Json &document, const Table &table, const Table &csv) {
    switch (format) {
        case Format::json:
            return json_out(document, 4) + '\n';
        case Format::yaml:
            return as_yaml(document);
        case Format::csv:
            return as_csv(csv);
        case Format::table:
            break;
    }
    return as_table(table);
}

std::string human_size(std::uint64_t bytes) {
    constexpr std::array<std::pair<std::uint64_t, const char *>, 3> units{
        {{1ULL << 30, "GiB"}, {1ULL << 20, "MiB"}, {1ULL << 10, "KiB"}}};
    for (const auto &[size, unit] : units) {
        if (bytes >= size) {
            return fmt::format("{:.1f}{}", static_cast<double>(bytes) / static_cast<double>(size),
                               unit);
        }
    }
    return fmt::format("{}B", bytes);
}

}  // namespace davit::host
