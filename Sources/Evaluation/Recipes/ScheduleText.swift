/// The lines that start a recipe by clock: for cron, systemd and Slurm. Nothing is installed.
public enum ScheduleText {
  /// The text for all three.
  ///
  /// - Parameters:
  ///   - recipe: with a schedule.
  ///   - program: the path of dsx.
  ///   - folder: where it runs.
  ///   - command: the words behind the program's name, quoted for a shell.
  public static func render(
    _ recipe: Recipe, _ schedule: CronSchedule, program: String, folder: String, command: String
  ) -> String {
    let log = "reports/\(recipe.name).log"
    let threads = recipe.threads.map { String($0) } ?? "$(nproc)"
    let minutes = recipe.timeout.map { max(1, Int(($0 / 60).rounded(.up))) }
    let calendar = schedule.calendar.map { "OnCalendar=" + $0 }.joined(separator: "\n")
    return """
      # cron: crontab -e
      \(schedule.text) cd \(folder) && \(program) \(command) >> \(log) 2>&1

      # systemd: ~/.config/systemd/user/dsx-\(recipe.name).service
      [Unit]
      Description=dsx recipe \(recipe.name)

      [Service]
      Type=oneshot
      WorkingDirectory=\(folder)
      ExecStart=\(program) \(command)

      # systemd: ~/.config/systemd/user/dsx-\(recipe.name).timer
      # then: systemctl --user enable --now dsx-\(recipe.name).timer
      [Unit]
      Description=dsx recipe \(recipe.name), by clock

      [Timer]
      \(calendar)
      Persistent=true

      [Install]
      WantedBy=timers.target

      # Slurm: scrontab -e
      #SCRON --job-name=dsx-\(recipe.name)
      #SCRON --cpus-per-task=\(recipe.threads ?? 2)
      #SCRON --chdir=\(folder)\(minutes.map { "\n#SCRON --time=\($0)" } ?? "")
      #SCRON --output=\(log) --open-mode=append
      \(schedule.text) \(program) \(command)

      # Slurm without scrontab: one night
      sbatch --job-name=dsx-\(recipe.name) --chdir=\(folder) --requeue --open-mode=append \\
        --output=\(log) --wrap='\(program) \(command) --workers \(threads)'

      """
  }
}
