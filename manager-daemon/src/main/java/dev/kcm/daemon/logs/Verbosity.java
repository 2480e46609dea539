package dev.kcm.daemon.logs;

import ch.qos.logback.classic.Level;
import dev.kcm.daemon.logs.LogConfig.ModuleLevel;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/**
 * How much each logger logs.
 *
 * <p><i>Thread-safe: one volatile number that anyone may write, and a concurrent cache.</i>
 */
final class Verbosity {

  static final int DEBUG = 4;
  static final int TRACE = 6;

  private static final int NO_MODULE = -1;

  private record Module(Pattern pattern, boolean matchesFullName, int level) {}

  private final List<Module> modules;
  private final Map<String, Integer> moduleLevelByLogger = new ConcurrentHashMap<>();
  private volatile int level;

  Verbosity(int level, List<ModuleLevel> modules) {
    this.level = level;
    List<Module> compiled = new ArrayList<>();
    for (ModuleLevel module : modules) {
      compiled.add(compile(module));
    }
    this.modules = List.copyOf(compiled);
  }

  /** File names of upstream as replica_set* mean the class: case and underscores do not count. */
  private static Module compile(ModuleLevel module) {
    String pattern = plain(module.pattern().replace('/', '.'));
    StringBuilder regex = new StringBuilder();
    for (int i = 0; i < pattern.length(); i++) {
      char c = pattern.charAt(i);
      regex.append(
          switch (c) {
            case '*' -> ".*";
            case '?' -> ".";
            default -> Pattern.quote(String.valueOf(c));
          });
    }
    boolean full = pattern.indexOf('.') >= 0;
    String anchored = full ? "(.*\\.)?" + regex : regex.toString();
    return new Module(Pattern.compile(anchored), full, module.level());
  }

  private static String plain(String name) {
    return name.toLowerCase(Locale.ROOT).replace("_", "").replace("-", "");
  }

  int level() {
    return level;
  }

  void set(int newLevel) {
    level = newLevel;
  }

  boolean hasModules() {
    return !modules.isEmpty();
  }

  /** The verbosity that holds for a logger: its own can only be higher than that of the program. */
  int of(String logger) {
    int own =
        modules.isEmpty()
            ? NO_MODULE
            : moduleLevelByLogger.computeIfAbsent(logger, this::moduleLevel);
    return Math.max(level, own);
  }

  private int moduleLevel(String logger) {
    String full = plain(logger);
    String simple = full.substring(full.lastIndexOf('.') + 1);
    for (Module module : modules) {
      if (module.pattern().matcher(module.matchesFullName() ? full : simple).matches()) {
        return module.level();
      }
    }
    return NO_MODULE;
  }

  /** The least level that shows for loggers of this program. */
  static Level leastLevel(int verbosity) {
    return verbosity >= TRACE ? Level.TRACE : verbosity >= DEBUG ? Level.DEBUG : Level.INFO;
  }

  /**
   * The least level that shows for loggers of libraries. Never trace: there, HTTP libraries write
   * headers and bodies, and with them tokens and Secrets.
   */
  static Level leastForeignLevel(int verbosity) {
    if (verbosity >= 8) {
      return Level.DEBUG;
    }
    return verbosity >= 2 ? Level.INFO : Level.WARN;
  }
}
