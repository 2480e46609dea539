package dev.kcm.daemon.options;

import dev.kcm.daemon.flags.Flag;
import dev.kcm.daemon.flags.FlagValues;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Values under examination, and what was found.
 *
 * <p><i>Confined to the thread that parses the command line.</i>
 */
final class Checks {

  private final FlagValues values;
  private final ControllerSelection selection;
  private final FeatureGates gates;
  private final List<String> problems = new ArrayList<>();
  private final List<String> warnings = new ArrayList<>();

  Checks(FlagValues values, ControllerSelection selection, FeatureGates gates) {
    this.values = values;
    this.selection = selection;
    this.gates = gates;
  }

  <T> T get(Flag<T> flag) {
    return values.get(flag);
  }

  boolean isSet(Flag<?> flag) {
    return values.isSet(flag);
  }

  FeatureGates gates() {
    return gates;
  }

  boolean isEnabled(String gate) {
    return gates.isEnabled(gate);
  }

  boolean runs(String controller) {
    return selection.isSelected(controller);
  }

  void problem(String problem) {
    problems.add(problem);
  }

  void problemIf(boolean wrong, String problem) {
    if (wrong) {
      problems.add(problem);
    }
  }

  void warning(String warning) {
    warnings.add(warning);
  }

  void warningIf(boolean doubtful, String warning) {
    if (doubtful) {
      warnings.add(warning);
    }
  }

  /** A worker count below one would leave a controller standing still. */
  void atLeastOne(Flag<Integer> flag) {
    int value = get(flag);
    problemIf(value < 1, flag.name() + " must be greater than 0, but got " + value);
  }

  void between(Flag<Integer> flag, int least, int most) {
    int value = get(flag);
    problemIf(
        value < least,
        "%s must not be less than %d, but got %d".formatted(flag.name(), least, value));
    problemIf(
        value > most,
        "%s must not be more than %d, but got %d".formatted(flag.name(), most, value));
  }

  /** A file that is named must be there and readable. */
  void readableFile(Flag<String> flag) {
    readableFile("--" + flag.name(), get(flag));
  }

  void readableFile(String flag, String name) {
    if (name.isEmpty()) {
      return;
    }
    try {
      Path path = Path.of(name);
      if (!Files.exists(path)) {
        problem(flag + ": " + name + ": no such file");
      } else if (Files.isDirectory(path)) {
        problem(flag + ": " + name + " is a directory, a file is needed");
      } else if (!Files.isReadable(path)) {
        problem(flag + ": " + name + ": permission denied");
      }
    } catch (InvalidPathException bad) {
      problem(flag + ": " + bad.getMessage());
    }
  }

  List<String> problems() {
    return List.copyOf(problems);
  }

  List<String> warnings() {
    return List.copyOf(warnings);
  }
}
