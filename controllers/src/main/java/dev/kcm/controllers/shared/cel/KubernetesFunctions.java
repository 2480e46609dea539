package dev.kcm.controllers.shared.cel;

import dev.cel.common.CelFunctionDecl;
import dev.cel.common.CelOverloadDecl;
import dev.cel.common.types.CelType;
import dev.cel.common.types.OpaqueType;
import dev.cel.common.types.SimpleType;
import dev.cel.runtime.CelFunctionBinding;
import dev.cel.runtime.CelFunctionOverload;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Quantities and versions in expressions: the functions that Kubernetes adds to the language for
 * them, under its names.
 *
 * <p>Confined to the thread that makes a language.
 */
final class KubernetesFunctions {

  static final OpaqueType QUANTITY = OpaqueType.create("kubernetes.Quantity");
  static final OpaqueType VERSION = OpaqueType.create("kubernetes.Semver");

  private static final CelType BOOL = SimpleType.BOOL;
  private static final CelType INT = SimpleType.INT;
  private static final CelType TEXT = SimpleType.STRING;

  private final List<CelFunctionDecl> declarations = new ArrayList<>();
  private final List<CelFunctionBinding> bindings = new ArrayList<>();

  private KubernetesFunctions() {}

  static KubernetesFunctions create() {
    KubernetesFunctions functions = new KubernetesFunctions();
    functions.addComparisons();
    functions.addQuantities();
    functions.addVersions();
    return functions;
  }

  List<CelFunctionDecl> declarations() {
    return declarations;
  }

  List<CelFunctionBinding> bindings() {
    return bindings;
  }

  private void addComparisons() {
    add(
        "isGreaterThan",
        both("quantity_is_greater_than", BOOL, Amount.class, (a, b) -> a.compareTo(b) > 0),
        both("semver_is_greater_than", BOOL, Version.class, (a, b) -> a.compareTo(b) > 0));
    add(
        "isLessThan",
        both("quantity_is_less_than", BOOL, Amount.class, (a, b) -> a.compareTo(b) < 0),
        both("semver_is_less_than", BOOL, Version.class, (a, b) -> a.compareTo(b) < 0));
    add(
        "compareTo",
        both("quantity_compare_to", INT, Amount.class, (a, b) -> (long) a.compareTo(b)),
        both("semver_compare_to", INT, Version.class, (a, b) -> (long) a.compareTo(b)));
  }

  private void addQuantities() {
    add("quantity", global("string_to_quantity", QUANTITY, KubernetesFunctions::quantity));
    add("isQuantity", global("is_quantity_string", BOOL, s -> Amount.parse(s).isPresent()));
    add(
        "sign",
        new Overload(
            CelOverloadDecl.newGlobalOverload("quantity_sign", INT, QUANTITY),
            CelFunctionBinding.from(
                "quantity_sign", Amount.class, q -> (long) q.value().signum())));
    add("asInteger", of("quantity_get_int", INT, Amount.class, KubernetesFunctions::integer));
    add("isInteger", of("quantity_is_integer", BOOL, Amount.class, Amount::isInteger));
    add(
        "asApproximateFloat",
        of("quantity_get_float", SimpleType.DOUBLE, Amount.class, q -> q.value().doubleValue()));
    add(
        "add",
        both("quantity_add", QUANTITY, Amount.class, Amount::plus),
        withInteger("quantity_add_int", (q, n) -> q.plus(Amount.of(n))));
    add(
        "sub",
        both("quantity_sub", QUANTITY, Amount.class, Amount::minus),
        withInteger("quantity_sub_int", (q, n) -> q.minus(Amount.of(n))));
  }

  private void addVersions() {
    add(
        "semver",
        global("string_to_semver", VERSION, s -> version(s, false)),
        tolerant("string_bool_to_semver", VERSION, KubernetesFunctions::version));
    add(
        "isSemver",
        global("is_semver_string", BOOL, s -> parsed(s, false).isPresent()),
        tolerant("is_semver_string_bool", BOOL, (s, loose) -> parsed(s, loose).isPresent()));
    add("major", of("semver_major", INT, Version.class, Version::major));
    add("minor", of("semver_minor", INT, Version.class, Version::minor));
    add("patch", of("semver_patch", INT, Version.class, Version::patch));
  }

  private void add(String function, Overload... overloads) {
    List<CelOverloadDecl> declared = new ArrayList<>();
    List<CelFunctionBinding> bound = new ArrayList<>();
    for (Overload overload : overloads) {
      declared.add(overload.declaration());
      bound.add(overload.binding());
    }
    declarations.add(CelFunctionDecl.newFunctionDeclaration(function, declared));
    bindings.addAll(CelFunctionBinding.fromOverloads(function, bound));
  }

  private static Amount quantity(String text) {
    return Amount.parse(text)
        .orElseThrow(
            () -> new IllegalArgumentException("\"" + text + "\" is no quantity such as 1.5Gi"));
  }

  private static long integer(Amount amount) {
    if (!amount.isInteger()) {
      throw new IllegalArgumentException("cannot convert value to integer");
    }
    return amount.value().longValueExact();
  }

  private static Version version(String text, boolean tolerant) {
    return parsed(text, tolerant)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "\"" + text + "\" is no semantic version such as 1.2.3"));
  }

  private static Optional<Version> parsed(String text, boolean tolerant) {
    return tolerant ? Version.parseTolerantly(text) : Version.parse(text);
  }

  private static CelType typeOf(Class<?> value) {
    return value == Amount.class ? QUANTITY : VERSION;
  }

  private static Overload global(
      String id, CelType result, CelFunctionOverload.Unary<String> function) {
    return new Overload(
        CelOverloadDecl.newGlobalOverload(id, result, TEXT),
        CelFunctionBinding.from(id, String.class, function));
  }

  private static Overload tolerant(
      String id, CelType result, CelFunctionOverload.Binary<String, Boolean> function) {
    return new Overload(
        CelOverloadDecl.newGlobalOverload(id, result, TEXT, BOOL),
        CelFunctionBinding.from(id, String.class, Boolean.class, function));
  }

  private static <T> Overload of(
      String id, CelType result, Class<T> value, CelFunctionOverload.Unary<T> function) {
    return new Overload(
        CelOverloadDecl.newMemberOverload(id, result, typeOf(value)),
        CelFunctionBinding.from(id, value, function));
  }

  private static <T> Overload both(
      String id, CelType result, Class<T> value, CelFunctionOverload.Binary<T, T> function) {
    return new Overload(
        CelOverloadDecl.newMemberOverload(id, result, typeOf(value), typeOf(value)),
        CelFunctionBinding.from(id, value, value, function));
  }

  private static Overload withInteger(
      String id, CelFunctionOverload.Binary<Amount, Long> function) {
    return new Overload(
        CelOverloadDecl.newMemberOverload(id, QUANTITY, QUANTITY, INT),
        CelFunctionBinding.from(id, Amount.class, Long.class, function));
  }

  /**
   * One form of a function.
   *
   * @param declaration for the compiler
   * @param binding for the run
   */
  private record Overload(CelOverloadDecl declaration, CelFunctionBinding binding) {}
}
