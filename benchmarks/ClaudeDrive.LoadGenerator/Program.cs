using ClaudeDrive.LoadGenerator;

return await LoadCommand.Create().Parse(args).InvokeAsync();
