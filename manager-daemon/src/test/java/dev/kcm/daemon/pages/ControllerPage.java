package dev.kcm.daemon.pages;

import dev.kcm.core.access.Access;
import dev.kcm.core.manager.ControllerSpec;
import dev.kcm.daemon.flags.Flag;
import dev.kcm.daemon.flags.FlagTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The page about one controller: made from its package-info, its spec and the table of flags, with
 * a part written by hand behind it.
 *
 * @param spec names, identity, access
 * @param contract its package-info
 * @param flags of the program
 */
record ControllerPage(ControllerSpec spec, PackageContract contract, FlagTable flags) {

  /** What stands behind it is not made. */
  static final String MARKER = "<!-- What stands below this line is written by hand and kept. -->";

  private static final Pattern FLAG = Pattern.compile("`--([^`]+)`");
  private static final int WIDTH = 110;

  /** Name of the file, without its ending. */
  String file() {
    return spec.name().replaceFirst("-controller$", "");
  }

  /** The whole page. */
  String text(String before) {
    return made() + MARKER + "\n" + byHand(before);
  }

  private static String byHand(String before) {
    int marker = before.indexOf(MARKER);
    return marker < 0 ? "" : before.substring(marker + MARKER.length()).replaceFirst("^\n", "");
  }

  private String made() {
    StringBuilder page = new StringBuilder();
    page.append("# ").append(spec.name()).append("\n\n");
    page.append(wrapped(contract.summary())).append("\n\n");
    page.append("| | |\n|---|---|\n");
    facts().forEach(page::append);
    flagTable(page);
    page.append("\n## Access\n\n| resource | verbs | what for |\n|---|---|---|\n");
    spec.access().forEach(access -> rows(page, access));
    page.append("\n## Invariants\n\n");
    for (String invariant : sentence(contract.part("Invariants")).split("; ", -1)) {
      page.append("- ").append(PackageContract.capitalized(invariant)).append("\n");
    }
    differences(page);
    return page.append("\n").toString();
  }

  private List<String> facts() {
    List<String> facts = new ArrayList<>();
    String aliases =
        spec.aliases().isEmpty() ? "none" : "`" + String.join("`, `", spec.aliases()) + "`";
    fact(facts, "Name, alias", "`" + spec.name() + "`, " + aliases);
    fact(
        facts,
        "Enabled by default",
        spec.enabledByDefault() ? "yes" : "no; select it by name in `--controllers`");
    if (!spec.requiredGates().isEmpty()) {
      fact(facts, "Needs the feature gates", "`" + String.join("`, `", spec.requiredGates()) + "`");
    }
    fact(facts, "Client identity", "`" + spec.client() + "`");
    for (String label : List.of("Queue key", "Events", "Conditions", "Metrics", "Feature gates")) {
      if (!contract.part(label).equals(PackageContract.NONE)) {
        fact(facts, label.equals("Queue key") ? "Queue" : label, sentence(contract.part(label)));
      }
    }
    return facts;
  }

  private static void fact(List<String> facts, String name, String value) {
    facts.add("| " + name + " | " + cell(value) + " |\n");
  }

  private void flagTable(StringBuilder page) {
    Matcher names = FLAG.matcher(contract.part("Flags"));
    StringBuilder rows = new StringBuilder();
    while (names.find()) {
      Flag<?> flag =
          flags
              .find(names.group(1))
              .orElseThrow(
                  () ->
                      new IllegalArgumentException(
                          "package-info of %s names --%s, which is no flag"
                              .formatted(spec.name(), names.group(1))));
      rows.append(row(flag));
    }
    if (!rows.isEmpty()) {
      page.append("\n## Flags\n\n| flag | default | meaning |\n|---|---|---|\n").append(rows);
    }
  }

  private static <T> String row(Flag<T> flag) {
    String value = flag.type().printer().apply(flag.defaultValue());
    return "| `--%s` | %s | %s |\n"
        .formatted(
            flag.name(),
            value.isEmpty() ? "" : "`" + value + "`",
            cell(sentence(flag.help().get().replace("\n", " "))));
  }

  private static void rows(StringBuilder page, Access access) {
    String where =
        access.namespaces().isEmpty()
            ? ""
            : " in `" + String.join("`, `", access.namespaces()) + "`";
    String which = access.names().isEmpty() ? "" : " `" + String.join("`, `", access.names()) + "`";
    String resource =
        access.resource().equals(Access.ALL) ? "every resource" : access.qualifiedResource();
    for (Access.Grant grant : access.grants()) {
      page.append("| %s%s%s | ".formatted(resource, which, where))
          .append(String.join(", ", grant.verbs()))
          .append(" | ")
          .append(cell(grant.why()))
          .append(" |\n");
    }
  }

  private void differences(StringBuilder page) {
    page.append("\n## Differences to upstream\n\n");
    if (contract.differences().isEmpty()) {
      page.append(PackageContract.capitalized(contract.part("Differences to upstream")))
          .append("\n");
      return;
    }
    page.append("| what | why |\n|---|---|\n");
    contract
        .differences()
        .forEach(
            difference ->
                page.append(
                    "| %s | %s |\n"
                        .formatted(
                            cell(PackageContract.capitalized(difference.what())),
                            cell(difference.why()))));
  }

  /** The line of the index. */
  String indexRow() {
    return "| [%s](%s.md) | %s | `%s` | %s |\n"
        .formatted(
            spec.name().replaceFirst("-controller$", ""),
            file(),
            cell(sentence(contract.summary().replaceFirst("\\. [A-Z].*", "."))),
            spec.client(),
            byDefault());
  }

  private String byDefault() {
    if (!spec.requiredGates().isEmpty()) {
      return "behind gates";
    }
    return spec.enabledByDefault() ? "on" : "off";
  }

  private static String sentence(String text) {
    return text.endsWith(".") && !text.endsWith("...")
        ? text.substring(0, text.length() - 1)
        : text;
  }

  private static String cell(String text) {
    return text.replace("|", "\\|");
  }

  private static String wrapped(String text) {
    StringBuilder lines = new StringBuilder();
    int column = 0;
    for (String word : text.split(" ", -1)) {
      boolean full = column > 0 && column + 1 + word.length() > WIDTH;
      lines.append(column == 0 ? "" : full ? "\n" : " ").append(word);
      column = full ? word.length() : column + 1 + word.length();
    }
    return lines.toString();
  }

  /** Resources and verbs that the prose of the package-info names, {@code pods delete}. */
  static List<String> named(String writes) {
    List<String> named = new ArrayList<>();
    Matcher entry =
        Pattern.compile("([a-z]+(?:/[a-z]+)?|\\*): ([a-z]+(?:, [a-z]+)*)")
            .matcher(writes.toLowerCase(Locale.ROOT));
    while (entry.find()) {
      for (String verb : entry.group(2).split(", ", -1)) {
        named.add(entry.group(1) + " " + verb);
      }
    }
    return named;
  }
}
