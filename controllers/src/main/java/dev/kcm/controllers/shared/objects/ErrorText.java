package dev.kcm.controllers.shared.objects;

import java.util.List;

/**
 * Several error texts as one.
 *
 * <p>Immutable.
 */
public final class ErrorText {

  private ErrorText() {}

  /** A single text as it is, several in brackets, equal ones once. */
  public static String joined(List<String> texts) {
    List<String> distinct = texts.stream().distinct().toList();
    return distinct.size() == 1 ? distinct.get(0) : "[" + String.join(", ", distinct) + "]";
  }
}
