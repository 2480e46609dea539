package dev.kcm.daemon.flags;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FlagParserTest {

  private static final Flag<Boolean> ELECT = Flag.bool("leader-elect", true, "Run an election.");
  private static final Flag<Boolean> PROFILING = Flag.bool("profiling", false, "Serve profiles.");
  private static final Flag<List<String>> CONTROLLERS =
      Flag.strings("controllers", "*", "What to run.");
  private static final Flag<Integer> WORKERS = Flag.int32("workers", 5, "Workers.");
  private static final Flag<Float> QPS = Flag.of("qps", FlagTypes.FLOAT32, 20f, "Rate.");
  private static final Flag<Duration> RESYNC = Flag.duration("min-resync-period", "12h", "Period.");
  private static final Flag<String> NAME = Flag.string("cluster-name", "kubernetes", "Name.");
  private static final Flag<InetAddress> BIND =
      Flag.of("bind-address", FlagTypes.IP, IpLiteral.parse("0.0.0.0").orElseThrow(), "Address.");
  private static final Flag<Map<String, String>> LABELS =
      Flag.of("labels", FlagTypes.STRING_TO_STRING, Map.of(), "Labels.");
  private static final Flag<List<String>> GATES =
      Flag.of("feature-gates", FlagTypes.COMPONENT_SETTINGS, List.of(), "Gates.");
  private static final Flag<Integer> V =
      Flag.of("v", FlagTypes.LEVEL, 0, "Verbosity.").shorthand('v');
  private static final Flag<Boolean> HELP = Flag.bool("help", false, "Help.").shorthand('h');
  private static final Flag<Integer> PORT =
      Flag.of("port", FlagTypes.INT, 0, "Port.").ignoredSince("1.24", "use --secure-port");
  private static final Flag<Duration> OLD =
      Flag.duration("old-duration", "0s", "Old.").honouredSince("1.25", "use --new-duration");
  private static final Flag<Duration> SYNC =
      Flag.duration("node-sync-period", "0s", "Nothing.").deprecated("it does nothing.");

  private static final FlagTable TABLE =
      FlagTable.of(
          List.of(
              FlagGroup.of("generic", ELECT, PROFILING, CONTROLLERS, WORKERS, QPS, RESYNC, NAME),
              FlagGroup.of("rest", BIND, LABELS, GATES, V, HELP, PORT, OLD, SYNC)));

  private static FlagParser.Outcome parse(String... args) {
    return FlagParser.parse(TABLE, List.of(args));
  }

  private static FlagValues good(String... args) {
    FlagParser.Outcome outcome = parse(args);
    assertThat(outcome.problems()).isEmpty();
    return outcome.values();
  }

  @Test
  void keepsDefaultsWithoutArguments() {
    FlagValues values = good();
    assertThat(values.get(WORKERS)).isEqualTo(5);
    assertThat(values.isSet(WORKERS)).isFalse();
    assertThat(values.get(CONTROLLERS)).containsExactly("*");
  }

  @ParameterizedTest
  @CsvSource({
    "--leader-elect, true",
    "--leader-elect=false, false",
    "--leader-elect=0, false",
    "--leader_elect=F, false",
    "--leader-elect=T, true",
  })
  void readsBooleans(String arg, boolean expected) {
    assertThat(good(arg).get(ELECT)).isEqualTo(expected);
  }

  @Test
  void booleanNeverTakesTheNextWord() {
    FlagParser.Outcome outcome = parse("--leader-elect", "false", "--workers", "7");
    assertThat(outcome.values().get(ELECT)).isTrue();
    assertThat(outcome.values().get(WORKERS)).isEqualTo(7);
    assertThat(outcome.problems())
        .containsExactly(
            "\"kube-controller-manager\" does not take any arguments, got [\"false\"]"
                + " (to give --leader-elect a value write --leader-elect=false)");
  }

  @Test
  void refusesWordsAfterTheTerminator() {
    assertThat(parse("--", "--workers=1", "x").problems())
        .containsExactly(
            "\"kube-controller-manager\" does not take any arguments,"
                + " got [\"--workers=1\" \"x\"]");
  }

  @Test
  void acceptsEmptyWords() {
    assertThat(parse("", "--workers=2", "").problems()).isEmpty();
  }

  @Test
  void takesValuesFromTheNextWordWhateverTheyLookLike() {
    assertThat(good("--cluster-name", "--odd").get(NAME)).isEqualTo("--odd");
    assertThat(good("--cluster-name=").get(NAME)).isEmpty();
    assertThat(good("--cluster-name=a=b").get(NAME)).isEqualTo("a=b");
  }

  @Test
  void firstUseOfAListReplacesTheDefaultAndLaterOnesAppend() {
    assertThat(good("--controllers=a,\"b,c\"", "--controllers", "-d").get(CONTROLLERS))
        .containsExactly("a", "b,c", "-d");
    assertThat(good("--controllers=").get(CONTROLLERS)).isEmpty();
  }

  @Test
  void lastUseOfASingleValueWins() {
    assertThat(good("--workers=1", "--workers=2").get(WORKERS)).isEqualTo(2);
  }

  @Test
  void mapsMerge() {
    assertThat(good("--labels=a=1,b=2", "--labels=b=3", "--labels=\"c=4\"").get(LABELS))
        .containsExactlyInAnyOrderEntriesOf(Map.of("a", "1", "b", "3", "c", "4"));
    assertThat(good("--feature-gates=A=true,kube:B=false", "--feature-gates=C=1").get(GATES))
        .containsExactly(":A=true", "kube:B=false", ":C=1");
  }

  @ParameterizedTest
  @CsvSource({"-v=4, 4", "-v4, 4", "--v=4, 4", "-hv3, 3"})
  void readsShorthands(String arg, int expected) {
    assertThat(good(arg).get(V)).isEqualTo(expected);
  }

  @Test
  void readsAShorthandWithTheNextWord() {
    assertThat(good("-v", "2").get(V)).isEqualTo(2);
    assertThat(good("-hv", "2").get(HELP)).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "--workers=x | invalid argument \"x\" for \"--workers\" flag: strconv.ParseInt: parsing \"x\": invalid syntax",
        "--v=-1 | invalid argument \"-1\" for \"-v, --v\" flag: strconv.ParseUint: parsing \"-1\": invalid syntax",
        "--leader-elect=maybe | invalid argument \"maybe\" for \"--leader-elect\" flag: strconv.ParseBool: parsing \"maybe\": invalid syntax",
        "--min-resync-period=1d | invalid argument \"1d\" for \"--min-resync-period\" flag: time: unknown unit \"d\" in duration \"1d\"",
        "--bind-address=localhost | invalid argument \"localhost\" for \"--bind-address\" flag: failed to parse IP: \"localhost\"",
        "--qps=fast | invalid argument \"fast\" for \"--qps\" flag: strconv.ParseFloat: parsing \"fast\": invalid syntax",
        "--labels=a | invalid argument \"a\" for \"--labels\" flag: a must be formatted as key=value",
        "--workers | flag needs an argument: --workers",
        "-v | flag needs an argument: 'v' in -v",
        "-x | unknown shorthand flag: 'x' in -x",
        "--=1 | bad flag syntax: --=1",
        "---a | bad flag syntax: ---a",
        "--nonsense | unknown flag: --nonsense",
        "--nonsense=1 | unknown flag: --nonsense",
        "--leader-elct | unknown flag: --leader-elct (did you mean --leader-elect?)",
        "--min_resync_periods=1h | unknown flag: --min_resync_periods (did you mean --min-resync-period?)",
      })
  void describesABadFlagInUpstreamsWords(String arg, String problem) {
    assertThat(parse(arg).problems()).containsExactly(problem);
  }

  @Test
  void collectsAllProblems() {
    assertThat(
            parse("--nope=1", "--workers=x", "--qps=y", "word", "--nope2", "value", "-z")
                .problems())
        .hasSize(6)
        .element(5)
        .asString()
        .startsWith("\"kube-controller-manager\" does not take any arguments, got [\"word\"]");
  }

  @Test
  void removedFlagsWarnOnceAndNeverFail() {
    FlagParser.Outcome outcome = parse("--port=0", "--port", "abc", "--port");
    assertThat(outcome.problems()).isEmpty();
    assertThat(outcome.warnings())
        .containsExactly("Flag --port was removed in 1.24 and is ignored: use --secure-port");
    assertThat(outcome.values().isSet(PORT)).isTrue();
  }

  @Test
  void honouredFlagsWarnAndAreRead() {
    FlagParser.Outcome outcome = parse("--old-duration=5m");
    assertThat(outcome.values().get(OLD)).isEqualTo(Duration.ofMinutes(5));
    assertThat(outcome.warnings())
        .containsExactly(
            "Flag --old-duration was removed in 1.25 and is still honoured: use --new-duration");
    assertThat(parse("--old-duration=5").problems()).hasSize(1);
  }

  @Test
  void deprecatedFlagsWarn() {
    assertThat(parse("--node-sync-period=1s").warnings())
        .containsExactly("Flag --node-sync-period has been deprecated, it does nothing.");
  }

  @Test
  void printsEffectiveValues() {
    FlagValues values =
        good("--controllers=*,-a", "--qps=1000", "--feature-gates=B=true,A=true", "--v=2");
    assertThat(values.printed())
        .containsEntry("controllers", "[*,-a]")
        .containsEntry("qps", "1000")
        .containsEntry("feature-gates", ":A=true,:B=true")
        .containsEntry("min-resync-period", "12h0m0s")
        .containsEntry("bind-address", "0.0.0.0")
        .containsEntry("labels", "[]")
        .doesNotContainKey("port");
  }
}
