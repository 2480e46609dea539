package dev.kcm.daemon.flags;

import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * The types of flags the program has.
 *
 * <p><i>Immutable.</i>
 */
public final class FlagTypes {

  /** True or false; a flag that stands alone is true. */
  public static final FlagType<Boolean> BOOL =
      FlagType.of("", false, GoNumber::parseBool).alone("true");

  /** Any text. */
  public static final FlagType<String> STRING = FlagType.of("string", "", text -> text);

  /** A CSV record; later uses append. */
  public static final FlagType<List<String>> STRINGS =
      FlagType.of("strings", List.<String>of(), CsvRecord::read)
          .combining(FlagTypes::append)
          .printing(list -> "[" + CsvRecord.write(list) + "]");

  /** A 32-bit number, also written in base 2, 8 or 16. */
  public static final FlagType<Integer> INT32 = FlagType.of("int32", 0, GoNumber::parseInt32);

  /** A number; larger ones than 32 bits hold are out of range. */
  public static final FlagType<Integer> INT = FlagType.of("int", 0, GoNumber::parseInt32);

  /** A number that is not negative. */
  public static final FlagType<Integer> UINT =
      FlagType.of("uint", 0, text -> GoNumber.parseUnsigned31(text, true));

  /** A log verbosity from 0 on, written in decimal. */
  public static final FlagType<Integer> LEVEL =
      FlagType.of("Level", 0, text -> GoNumber.parseUnsigned31(text, false));

  /** A number with 24 bits of precision. */
  public static final FlagType<Float> FLOAT32 =
      FlagType.of("float32", 0f, GoNumber::parseFloat32)
          .printing(value -> GoNumber.format(value, Float.toString(value)));

  /** A number with 53 bits of precision. */
  public static final FlagType<Double> FLOAT64 =
      FlagType.of("float", 0d, GoNumber::parseFloat64)
          .printing(value -> GoNumber.format(value, Double.toString(value)));

  /** A duration in Go's syntax. */
  public static final FlagType<Duration> DURATION =
      FlagType.of("duration", Duration.ZERO, GoDuration::parse).printing(GoDuration::format);

  /** An IPv4 or IPv6 address. */
  public static final FlagType<InetAddress> IP =
      FlagType.of("ip", InetAddress.getLoopbackAddress(), FlagTypes::readIp)
          .printing(InetAddress::getHostAddress);

  /** Comma-separated {@code key=value} pairs; later uses add and overwrite. */
  public static final FlagType<Map<String, String>> STRING_TO_STRING =
      FlagType.of("stringToString", Map.<String, String>of(), FlagTypes::readPairs)
          .combining(FlagTypes::overwrite)
          .printing(FlagTypes::printPairs);

  /** Comma-separated {@code component:setting} entries; the component may be left out. */
  public static final FlagType<List<String>> COMPONENT_SETTINGS =
      FlagType.of("colonSeparatedMultimapStringString", List.<String>of(), FlagTypes::readSettings)
          .combining(FlagTypes::append)
          .printing(list -> String.join(",", list.stream().sorted().toList()));

  private FlagTypes() {}

  /** Returns a type of lists that appends the values of later uses. */
  public static <T> FlagType<List<T>> list(
      String word, FlagType.Reader<List<T>> reader, Function<List<T>, String> printer) {
    return FlagType.of(word, List.<T>of(), reader).combining(FlagTypes::append).printing(printer);
  }

  private static <T> List<T> append(List<T> earlier, List<T> later) {
    List<T> all = new ArrayList<>(earlier);
    all.addAll(later);
    return List.copyOf(all);
  }

  private static InetAddress readIp(String text) {
    return IpLiteral.parse(text.strip())
        .orElseThrow(
            () -> new IllegalArgumentException("failed to parse IP: " + GoText.quote(text)));
  }

  private static Map<String, String> readPairs(String text) {
    long equalSigns = text.chars().filter(c -> c == '=').count();
    List<String> pairs = equalSigns == 1 ? List.of(withoutQuotes(text)) : CsvRecord.read(text);
    if (equalSigns == 0) {
      throw notAPair(text);
    }
    Map<String, String> map = new TreeMap<>();
    for (String pair : pairs) {
      int equals = pair.indexOf('=');
      if (equals < 0) {
        throw notAPair(pair);
      }
      map.put(pair.substring(0, equals), pair.substring(equals + 1));
    }
    return Map.copyOf(map);
  }

  private static String withoutQuotes(String text) {
    return text.replaceAll("^\"+|\"+$", "");
  }

  private static IllegalArgumentException notAPair(String text) {
    return new IllegalArgumentException(text + " must be formatted as key=value");
  }

  private static Map<String, String> overwrite(
      Map<String, String> earlier, Map<String, String> later) {
    Map<String, String> all = new TreeMap<>(earlier);
    all.putAll(later);
    return Map.copyOf(all);
  }

  private static String printPairs(Map<String, String> map) {
    List<String> pairs =
        new TreeMap<>(map).entrySet().stream().map(e -> e.getKey() + "=" + e.getValue()).toList();
    return "[" + CsvRecord.write(pairs) + "]";
  }

  private static List<String> readSettings(String text) {
    List<String> settings = new ArrayList<>();
    for (String entry : text.split(",", -1)) {
      if (!entry.isBlank()) {
        int colon = entry.indexOf(':');
        String component = colon < 0 ? "" : entry.substring(0, colon).strip();
        settings.add(component + ":" + entry.substring(colon + 1).strip());
      }
    }
    return List.copyOf(settings);
  }
}
