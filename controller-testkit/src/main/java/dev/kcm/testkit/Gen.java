package dev.kcm.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/**
 * Makes random values. The same random source state gives the same value.
 *
 * <pre>{@code
 * Gen<List<Integer>> dice = Gen.ints(1, 6).list(2, 2);
 * }</pre>
 *
 * @param <T> what it makes
 */
@FunctionalInterface
public interface Gen<T> {

  /** The next value. */
  T next(RandomGenerator random);

  /** Always the same value. */
  static <T> Gen<T> always(T value) {
    return random -> value;
  }

  /** Numbers between two bounds, both included. */
  static Gen<Integer> ints(int min, int max) {
    return random -> random.nextInt(min, max + 1);
  }

  /** True with the given chance between 0 and 1. */
  static Gen<Boolean> chance(double chance) {
    return random -> random.nextDouble() < chance;
  }

  /**
   * One of the values, all equally likely.
   *
   * @throws IllegalArgumentException when there is none
   */
  static <T> Gen<T> pick(List<T> values) {
    if (values.isEmpty()) {
      throw new IllegalArgumentException("nothing to pick from, allowed: one value or more");
    }
    List<T> choices = List.copyOf(values);
    return random -> choices.get(random.nextInt(choices.size()));
  }

  /** What a function makes of the value. */
  default <R> Gen<R> map(Function<? super T, ? extends R> function) {
    return random -> function.apply(next(random));
  }

  /** What the generator that a function makes of the value gives. */
  default <R> Gen<R> flatMap(Function<? super T, Gen<R>> function) {
    return random -> function.apply(next(random)).next(random);
  }

  /** Lists with a length between two bounds, both included. */
  default Gen<List<T>> list(int minLength, int maxLength) {
    return random -> {
      int length = random.nextInt(minLength, maxLength + 1);
      List<T> values = new ArrayList<>(length);
      for (int i = 0; i < length; i++) {
        values.add(next(random));
      }
      return values;
    };
  }
}
