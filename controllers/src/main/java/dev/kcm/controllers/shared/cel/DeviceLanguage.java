package dev.kcm.controllers.shared.cel;

import com.google.common.collect.ImmutableCollection;
import com.google.common.collect.ImmutableList;
import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelOptions;
import dev.cel.common.CelValidationException;
import dev.cel.common.CelValidationResult;
import dev.cel.common.types.CelType;
import dev.cel.common.types.CelTypeProvider;
import dev.cel.common.types.SimpleType;
import dev.cel.compiler.CelCompiler;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.extensions.CelExtensions;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelFunctionBinding;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelRuntimeFactory;
import dev.cel.runtime.CelStandardFunctions;
import dev.cel.runtime.RuntimeEquality;
import dev.cel.runtime.RuntimeHelpers;
import dev.cel.runtime.standard.InOperator.InOverload;
import io.fabric8.kubernetes.api.model.resource.v1.Device;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * CEL with the variable {@code device} and the functions of Kubernetes.
 *
 * <p>Thread-safe: compiler and runtime are immutable.
 */
final class DeviceLanguage {

  /**
   * Turns that all loops of one evaluation may take together. An API server allows a cost of a
   * million, and a turn costs five or more.
   */
  private static final int MOST_TURNS = 200_000;

  /** As long as an API server lets an expression be. */
  private static final int LONGEST = 10 * 1024;

  private static final CelOptions OPTIONS =
      CelOptions.current()
          .enableHeterogeneousNumericComparisons(true)
          .comprehensionMaxIterations(MOST_TURNS)
          .maxExpressionCodePointSize(LONGEST)
          .build();

  private final CelCompiler compiler;
  private final CelRuntime runtime;

  private DeviceLanguage(CelCompiler compiler, CelRuntime runtime) {
    this.compiler = compiler;
    this.runtime = runtime;
  }

  static DeviceLanguage create(boolean consumableCapacity) {
    KubernetesFunctions functions = KubernetesFunctions.create();
    CelType device = DeviceVariable.type(consumableCapacity);
    CelCompiler compiler =
        CelCompilerFactory.standardCelCompilerBuilder()
            .setOptions(OPTIONS)
            .setStandardMacros(CelStandardMacro.STANDARD_MACROS)
            .setTypeProvider(
                new Types(
                    ImmutableList.of(
                        device, KubernetesFunctions.QUANTITY, KubernetesFunctions.VERSION)))
            .addVar(DeviceVariable.NAME, device)
            .addFunctionDeclarations(functions.declarations())
            .addLibraries(
                CelExtensions.strings(),
                CelExtensions.bindings(),
                CelExtensions.optional(),
                CelExtensions.sets(OPTIONS),
                CelExtensions.comprehensions())
            .build();
    CelRuntime runtime =
        CelRuntimeFactory.plannerRuntimeBuilder()
            .setOptions(OPTIONS)
            .setStandardFunctions(
                CelStandardFunctions.newBuilder()
                    .excludeFunctions(CelStandardFunctions.StandardFunction.IN)
                    .build())
            .addFunctionBindings(membership())
            .addFunctionBindings(functions.bindings())
            .addLibraries(
                CelExtensions.strings(),
                CelExtensions.optional(),
                CelExtensions.sets(OPTIONS),
                CelExtensions.comprehensions())
            .build();
    return new DeviceLanguage(compiler, runtime);
  }

  /** The operator {@code in}, which tells a domain that is there from one that is not. */
  private static Set<CelFunctionBinding> membership() {
    RuntimeEquality equality = RuntimeEquality.create(RuntimeHelpers.create(), OPTIONS);
    return CelFunctionBinding.fromOverloads(
        "@in",
        InOverload.IN_LIST.newFunctionBinding(OPTIONS, equality),
        CelFunctionBinding.from(
            "in_map",
            Object.class,
            Map.class,
            (key, map) ->
                map instanceof DeviceVariable.Domains domains
                    ? domains.containsKey(key)
                    : equality.findInMap(map, key).isPresent()));
  }

  /** The expression of a text, or one that says why it is none. */
  DeviceExpression compile(String text) {
    try {
      return new Compiled(runtime.createProgram(checked(text)));
    } catch (CelValidationException | CelEvaluationException | RuntimeException problem) {
      ExpressionException known =
          problem instanceof ExpressionException said
              ? said
              : ExpressionException.compiling("compilation failed: " + textOf(problem));
      return (driver, device) -> {
        throw known;
      };
    }
  }

  private CelAbstractSyntaxTree checked(String text) throws CelValidationException {
    CelValidationResult result = compiler.compile(text);
    CelAbstractSyntaxTree tree = result.getAst();
    CelType type = tree.getResultType();
    if (!type.equals(SimpleType.BOOL)
        && !type.equals(SimpleType.DYN)
        && !type.equals(SimpleType.ANY)) {
      throw ExpressionException.compiling(
          "must evaluate to bool or the unknown type, not " + type.name());
    }
    return tree;
  }

  private static String textOf(Exception problem) {
    return String.valueOf(problem.getMessage());
  }

  /**
   * An expression that can be run.
   *
   * @param program immutable
   */
  private record Compiled(CelRuntime.Program program) implements DeviceExpression {

    @Override
    public boolean matches(String driver, Device device) {
      Object result;
      try {
        result = program.eval(Map.of(DeviceVariable.NAME, DeviceVariable.of(driver, device)));
      } catch (ExpressionException known) {
        throw known;
      } catch (CelEvaluationException | RuntimeException problem) {
        throw ExpressionException.running(textOf(problem));
      }
      if (result instanceof Boolean selected) {
        return selected;
      }
      throw ExpressionException.running("the result is not a boolean but " + result);
    }
  }

  /**
   * The types beyond those of the language.
   *
   * @param types all of them
   */
  private record Types(ImmutableCollection<CelType> types) implements CelTypeProvider {

    @Override
    public Optional<CelType> findType(String name) {
      return types.stream().filter(type -> type.name().equals(name)).findFirst();
    }
  }
}
