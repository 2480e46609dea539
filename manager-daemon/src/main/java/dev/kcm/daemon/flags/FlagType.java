package dev.kcm.daemon.flags;

import java.util.Objects;
import java.util.function.BinaryOperator;
import java.util.function.Function;

/**
 * How the values of a flag are read, combined and printed.
 *
 * @param word the placeholder in the help, as {@code int32} or {@code strings}; empty for booleans
 * @param bare the text that stands for a flag without a value; empty if a value is required
 * @param reader turns the text of one use into a value
 * @param combiner turns the values of an earlier and a later use into one
 * @param printer prints a value as the effective setting is shown
 * @param zero the value a help text does not mention as a default
 */
public record FlagType<T>(
    String word,
    String bare,
    Reader<T> reader,
    BinaryOperator<T> combiner,
    Function<T, String> printer,
    T zero) {

  /** Reads the text given for a flag. */
  @FunctionalInterface
  public interface Reader<T> {

    /**
     * Returns the value.
     *
     * @throws IllegalArgumentException with a message for the user if the text is no such value
     */
    T read(String text);
  }

  /** Checks that nothing is null. */
  public FlagType {
    Objects.requireNonNull(word, "word is null");
    Objects.requireNonNull(bare, "bare is null");
    Objects.requireNonNull(reader, "reader is null");
    Objects.requireNonNull(combiner, "combiner is null");
    Objects.requireNonNull(printer, "printer is null");
    Objects.requireNonNull(zero, "zero is null");
  }

  /** Returns a type whose flags need a value and where the last use wins. */
  public static <T> FlagType<T> of(String word, T zero, Reader<T> reader) {
    return new FlagType<>(word, "", reader, (earlier, later) -> later, String::valueOf, zero);
  }

  /** Returns this type with another printer. */
  public FlagType<T> printing(Function<T, String> newPrinter) {
    return new FlagType<>(word, bare, reader, combiner, newPrinter, zero);
  }

  /** Returns this type with another rule for repeated use. */
  public FlagType<T> combining(BinaryOperator<T> newCombiner) {
    return new FlagType<>(word, bare, reader, newCombiner, printer, zero);
  }

  /** Returns this type with a value for flags that stand alone. */
  public FlagType<T> alone(String newBare) {
    return new FlagType<>(word, newBare, reader, combiner, printer, zero);
  }
}
