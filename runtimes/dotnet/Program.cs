// Hands a class-library handler, `Assembly::Namespace.Class::Method`, to AWS's runtime support over the HTTP Runtime API.
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.Loader;

// The function's own dependencies are what the process was started with; the runtime support lies beside this file.
AssemblyLoadContext.Default.Resolving += (context, name) =>
{
    var file = Path.Combine(AppContext.BaseDirectory, name.Name + ".dll");
    if (!File.Exists(file))
    {
        file = Path.Combine(Path.GetDirectoryName(Assembly.GetExecutingAssembly().Location)!, name.Name + ".dll");
    }
    return File.Exists(file) ? context.LoadFromAssemblyPath(file) : null;
};
await Serve(Environment.GetEnvironmentVariable("_HANDLER")!);

// Not inlined: its types are resolved only when it is called.
[MethodImpl(MethodImplOptions.NoInlining)]
static Task Serve(string handler) => new Amazon.Lambda.RuntimeSupport.RuntimeSupportInitializer(handler).RunLambdaBootstrap();
