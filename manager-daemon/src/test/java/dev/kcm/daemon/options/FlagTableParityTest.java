package dev.kcm.daemon.options;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kcm.daemon.flags.Flag;
import dev.kcm.daemon.flags.FlagGroup;
import dev.kcm.daemon.flags.FlagTable;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class FlagTableParityTest {

  private static final FlagTable TABLE = OptionGroups.table();

  /**
   * Flags without a row of their own: ours, and removed ones that a row names as "the same for".
   */
  private static final Set<String> NOT_LISTED =
      Set.of(
          "check-config",
          "leader-elect-warm-standby",
          "skip-headers",
          "skip-log-headers",
          "add-dir-header",
          "log-backtrace-at",
          "deleting-pods-burst",
          "register-retry-count",
          "volume-host-allow-local-loopback");

  private static final Map<String, String> WORD_BY_TYPE =
      Map.ofEntries(
          Map.entry("bool", ""),
          Map.entry("bool (short -h)", ""),
          Map.entry("float64", "float"),
          Map.entry("int (short -v)", "Level"),
          Map.entry("map string=string", "stringToString"),
          Map.entry("pattern=N list", "pattern=N,..."),
          Map.entry("repeatable component:key=bool list", "colonSeparatedMultimapStringString"),
          Map.entry("repeatable cert,key[:patterns]", "namedCertKey"),
          Map.entry("bool|raw|vX.Y.Z", "version"),
          Map.entry("severity", "string"));

  record Row(String name, String type, String defaultValue, String group) {

    boolean isRemoved() {
      return group.startsWith("REMOVED: ");
    }

    boolean isHidden() {
      return group.endsWith(" (deprecated, hidden from help)");
    }
  }

  static Stream<Row> rows() {
    return TestFiles.lines("upstream-flags.tsv").stream()
        .filter(line -> !line.startsWith("#"))
        .map(line -> line.split("\t", -1))
        .map(cells -> new Row(cells[0].substring(2), cells[1], cells[2], cells[3]));
  }

  private static Flag<?> flag(Row row) {
    return TABLE.find(row.name()).orElseThrow(() -> new AssertionError("no flag " + row.name()));
  }

  @ParameterizedTest
  @MethodSource("rows")
  void hasTheSameType(Row row) {
    assertThat(flag(row).type().word())
        .isEqualTo(WORD_BY_TYPE.getOrDefault(row.type(), row.type()));
  }

  @ParameterizedTest
  @MethodSource("rows")
  void hasTheSameDefault(Row row) {
    if (!row.defaultValue().equals("-")) {
      String expected = row.defaultValue().equals("(empty)") ? "" : row.defaultValue();
      assertThat(printedDefault(flag(row))).isEqualTo(expected);
    }
  }

  private static <T> String printedDefault(Flag<T> flag) {
    return flag.type().printer().apply(flag.defaultValue());
  }

  @ParameterizedTest
  @MethodSource("rows")
  void isInTheSameGroupOrRemoved(Row row) {
    assertThat(flag(row).isRemoved()).isEqualTo(row.isRemoved());
    assertThat(flag(row).lifecycle().isListed()).isEqualTo(!row.isRemoved() && !row.isHidden());
    if (!row.isRemoved()) {
      assertThat(groupOf(row.name())).isEqualTo(row.group().replaceFirst(" \\(.*", ""));
    }
  }

  private static String groupOf(String name) {
    return TABLE.groups().stream()
        .filter(group -> group.flags().stream().anyMatch(flag -> flag.name().equals(name)))
        .map(FlagGroup::name)
        .findFirst()
        .orElseThrow();
  }

  @Test
  void groupsComeInUpstreamsOrder() {
    Set<String> upstream = new LinkedHashSet<>();
    rows()
        .filter(row -> !row.isRemoved() && !row.isHidden())
        .forEach(row -> upstream.add(row.group()));
    List<String> expected = new ArrayList<>(upstream);
    expected.add("extension");
    assertThat(TABLE.groups().stream().map(FlagGroup::name)).containsExactlyElementsOf(expected);
  }

  @Test
  void hasNoOtherFlags() {
    Set<String> known = new HashSet<>(NOT_LISTED);
    rows().forEach(row -> known.add(row.name()));
    assertThat(TABLE.flags().stream().map(Flag::name)).containsExactlyInAnyOrderElementsOf(known);
  }

  @Test
  void hasAllHundredAndFortyThreeListedFlags() {
    assertThat(TABLE.flags().stream().filter(flag -> flag.lifecycle().isListed()))
        .hasSize((int) rows().filter(row -> !row.isRemoved() && !row.isHidden()).count() + 2);
  }
}
