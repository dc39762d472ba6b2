//! The program `depesche`.

fn main() -> std::process::ExitCode {
    depesche_cli::run(std::env::args_os()).into()
}
