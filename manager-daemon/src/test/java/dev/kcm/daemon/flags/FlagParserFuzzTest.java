package dev.kcm.daemon.flags;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FlagParserFuzzTest {

  private static final List<Flag<?>> FLAGS =
      List.of(
          Flag.bool("b", false, "x").shorthand('b'),
          Flag.strings("list", "*", "x"),
          Flag.int32("count", 1, "x").shorthand('c'),
          Flag.of("float", FlagTypes.FLOAT32, 1f, "x"),
          Flag.of("double", FlagTypes.FLOAT64, 1d, "x"),
          Flag.of("uint", FlagTypes.UINT, 1, "x"),
          Flag.of("level", FlagTypes.LEVEL, 1, "x"),
          Flag.of("ip", FlagTypes.IP, FlagTypes.IP.zero(), "x"),
          Flag.of("map", FlagTypes.STRING_TO_STRING, Map.of(), "x"),
          Flag.of("gates", FlagTypes.COMPONENT_SETTINGS, List.of(), "x"),
          Flag.duration("wait", "1s", "x"),
          Flag.string("gone", "", "x").ignoredSince("1.2", "y"));

  private static final FlagTable TABLE = FlagTable.of(List.of(new FlagGroup("all", FLAGS)));

  private static final String ALPHABET = "-=_,\":.0123456789abtTFxehmsµ+% \n\t\\é\ud83d\ude00";

  @Test
  void neverThrowsAndAlwaysAnswersAllFlags() {
    for (long seed = 1; seed <= 5_000; seed++) {
      List<String> args = commandLine(new Random(seed));
      String description = "seed " + seed + ": " + args;
      assertThatCode(() -> FlagParser.parse(TABLE, args))
          .as(description)
          .doesNotThrowAnyException();
      FlagParser.Outcome outcome = FlagParser.parse(TABLE, args);
      assertThat(outcome.values().printed()).as(description).hasSizeBetween(11, 12);
      assertThat(outcome.problems()).as(description).noneMatch(String::isBlank);
    }
  }

  @Test
  void aPrintedValueReadsBackAsItself() {
    for (long seed = 1; seed <= 1_000; seed++) {
      FlagValues values = FlagParser.parse(TABLE, commandLine(new Random(seed))).values();
      for (Flag<?> flag : FLAGS) {
        assertReadsBack(flag, values, seed);
      }
    }
  }

  private static void assertReadsBack(Flag<?> flag, FlagValues values, long seed) {
    boolean inBrackets =
        flag.type().equals(FlagTypes.STRINGS) || flag.type().equals(FlagTypes.STRING_TO_STRING);
    if (inBrackets || flag.isRemoved()) {
      return; // the printed form has brackets around it, or nothing was read
    }
    String printed = values.print(flag);
    FlagParser.Outcome again = FlagParser.parse(TABLE, List.of("--" + flag.name() + "=" + printed));
    assertThat(again.problems()).as("seed %d, %s", seed, printed).isEmpty();
    assertThat(again.values().print(flag)).as("seed %d", seed).isEqualTo(printed);
  }

  private static List<String> commandLine(Random random) {
    List<String> args = new ArrayList<>();
    for (int i = random.nextInt(6); i >= 0; i--) {
      args.add(word(random));
    }
    return args;
  }

  private static String word(Random random) {
    String name = FLAGS.get(random.nextInt(FLAGS.size())).name();
    return switch (random.nextInt(6)) {
      case 0 -> noise(random);
      case 1 -> "-" + noise(random);
      case 2 -> "--" + name;
      case 3 -> "--" + noise(random) + "=" + noise(random);
      case 4 -> "--" + name + "=" + random.nextInt();
      default -> "--" + name + "=" + noise(random);
    };
  }

  private static String noise(Random random) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(8); i > 0; i--) {
      text.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
    }
    return text.toString();
  }
}
